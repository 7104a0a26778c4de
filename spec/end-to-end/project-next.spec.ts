import {portray} from '../helpers/chromium.js';
import {makeProject} from '../helpers/project.js';

const project = await makeProject(
	{next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1'},
	{
		'package.json': '{"scripts": {"dev": "next dev"}}',
		'next.config.mjs': 'export default {devIndicators: false};\n',
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
import {useEffect, useState} from 'react';
export default function Counter() {
	useEffect(() => { document.body.dataset.alive = 'yes'; }, []);
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
	// The button is there before the script that makes it do something.
	await page.locator('body[data-alive]').waitFor();
	await page.getByRole('button').click();
	const clicked = page.getByRole('button', {name: 'clicked 1 times'});
	await clicked.waitFor();
	project.edit('app/page.jsx', 'Hello from Next.js', 'Edited on the server');
	await page.getByRole('heading', {name: 'Edited on the server'}).waitFor();
	await clicked.waitFor();
	project.edit('app/counter.jsx', '>clicked', '>now clicked');
	await page.getByRole('button', {name: 'now clicked 1 times'}).waitFor();
	t.deepEqual(errors, []);
	// It gives up on fetching what a later edit has made old.
	t.deepEqual(
		failed.filter(line => !/_rsc=.* net::ERR_ABORTED$/.test(line)),
		[],
	);
	await portray(page, 'project-next');
});
