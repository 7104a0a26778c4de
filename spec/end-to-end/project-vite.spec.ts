import {portray} from '../helpers/chromium.js';
import {makeProject} from '../helpers/project.js';

const project = await makeProject(
	{vite: '7.3.8'},
	{
		'package.json': '{"scripts": {"dev": "vite"}}',
		'index.html': `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Vite</title><link rel="icon" href="data:,"></head>
<body><h1 id="greeting"></h1><script type="module" src="/main.js"></script></body>
</html>
`,
		'main.js': `import {greeting} from './greeting.js';
import './look.css';
const show = text => { document.getElementById('greeting').textContent = text; };
show(greeting);
import.meta.hot.accept('./greeting.js', changed => show(changed.greeting));
`,
		'greeting.js': `export const greeting = 'Hello from Vite';\n`,
		'look.css': 'h1 { color: rgb(10, 106, 102); font-family: sans-serif; }\n',
	},
);

project.test(
	'a Vite project by npm run dev: trusted, and edits arrive without a reload',
	async t => {
		t.timeout(300_000);
		const {page, url, errors, failed} = await project.open(t, 'npm', 'run', 'dev');
		const heading = page.getByRole('heading');
		await heading.getByText('Hello from Vite').waitFor();
		await page.waitForFunction("performance.getEntriesByType('resource').length > 2");
		await page.evaluate("window.kept = 'state of the page'");
		project.edit('greeting.js', 'Hello from Vite', 'Edited meanwhile');
		await heading.getByText('Edited meanwhile').waitFor();
		project.edit('look.css', 'rgb(10, 106, 102)', 'rgb(1, 2, 3)');
		await page.waitForFunction(
			"getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)'",
		);
		t.is(await page.evaluate('window.kept'), 'state of the page');
		t.true(page.url().startsWith(url));
		t.deepEqual(errors, []);
		t.deepEqual(failed, []);
		await portray(page, 'project-vite');
	},
);
