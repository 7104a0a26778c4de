import {portray} from '../helpers/chromium.js';
import {makeProject} from '../helpers/project.js';

const project = await makeProject(
	{next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1'},
	{
		'package.json': '{"scripts": {"dev": "next dev"}}',
		'app/layout.jsx': `export const metadata = {title: 'Next.js', icons: 'data:,'};
export default function Layout({children}) {
	return <html lang="en"><body style={{fontFamily: 'sans-serif'}}>{children}</body></html>;
}
`,
		'app/page.jsx': `import Counter from './counter.jsx';
export default function Page() {
	return <main><h1>Hello from Next.js</h1><Counter /></main>;
}
`,
		'app/counter.jsx': `'use client';
import {useState} from 'react';
export default function Counter() {
	const [count, setCount] = useState(0);
	return <button onClick={() => setCount(count + 1)}>clicked {count} times</button>;
}
`,
	},
);

project.test('a Next.js project: trusted, and edits on either side keep the state', async t => {
	t.timeout(400_000);
	const {page, errors, failed} = await project.open(t, 'npm', 'run', 'dev');
	await page.getByRole('heading', {name: 'Hello from Next.js'}).waitFor();
	const clicked = page.getByRole('button', {name: 'clicked 1 times'});
	// It is there before the script that makes it do something.
	while (!(await clicked.isVisible())) {
		await page.getByRole('button').click();
		await page.waitForTimeout(200);
		t.notRegex((await page.getByRole('button').textContent()) ?? '', /[2-9] times/);
	}
	project.edit('app/page.jsx', 'Hello from Next.js', 'Edited on the server');
	await page.getByRole('heading', {name: 'Edited on the server'}).waitFor();
	await clicked.waitFor();
	project.edit('app/counter.jsx', '>clicked', '>now clicked');
	await page.getByRole('button', {name: 'now clicked 1 times'}).waitFor();
	t.deepEqual(errors, []);
	t.deepEqual(failed, []);
	await portray(page, 'project-next');
});
