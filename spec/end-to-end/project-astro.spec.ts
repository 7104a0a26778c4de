import {portray} from '../helpers/chromium.js';
import {makeProject} from '../helpers/project.js';

const project = await makeProject(
	{astro: '5.18.2'},
	{
		'package.json': '{"scripts": {"dev": "astro dev"}}',
		'astro.config.mjs': 'export default {devToolbar: {enabled: false}};\n',
		'src/pages/index.astro': `---
import Greeting from '../components/Greeting.astro';
---
<html lang="en">
<head><meta charset="utf-8"><title>Astro</title><link rel="icon" href="data:,"></head>
<body><Greeting /></body>
</html>
`,
		'src/components/Greeting.astro': `<h1>Hello from Astro</h1>
<style>h1 { color: rgb(10, 106, 102); font-family: sans-serif; }</style>
`,
	},
);

project.test('an Astro project: trusted, and edits of components and styles arrive', async t => {
	t.timeout(300_000);
	const {page, errors, failed} = await project.open(t, 'npm', 'run', 'dev');
	await page.getByRole('heading', {name: 'Hello from Astro'}).waitFor();
	project.edit('src/components/Greeting.astro', 'Hello from Astro', 'Edited meanwhile');
	await page.getByRole('heading', {name: 'Edited meanwhile'}).waitFor();
	project.edit('src/components/Greeting.astro', 'rgb(10, 106, 102)', 'rgb(1, 2, 3)');
	await page.waitForFunction(
		"getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)'",
	);
	t.deepEqual(errors, []);
	t.deepEqual(failed, []);
	await portray(page, 'project-astro');
});
