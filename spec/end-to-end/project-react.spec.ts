import {portray} from '../helpers/chromium.js';
import {makeProject} from '../helpers/project.js';

const project = await makeProject(
	{vite: '8.3.8', '@vitejs/plugin-react': '6.3.0', react: '19.3.1', 'react-dom': '19.3.1'},
	{
		'package.json': '{"scripts": {"dev": "vite"}}',
		'vite.config.js': `import react from '@vitejs/plugin-react';
export default {plugins: [react()]};
`,
		'index.html': `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>React</title><link rel="icon" href="data:,"></head>
<body><div id="root"></div><script type="module" src="/src/main.jsx"></script></body>
</html>
`,
		'src/main.jsx': `import {createRoot} from 'react-dom/client';
import App from './App.jsx';
createRoot(document.getElementById('root')).render(<App />);
`,
		'src/App.jsx': `import {useState} from 'react';
export default function App() {
	const [count, setCount] = useState(0);
	return (
		<main style={{fontFamily: 'sans-serif'}}>
			<h1>Hello from React</h1>
			<button onClick={() => setCount(count + 1)}>clicked {count} times</button>
		</main>
	);
}
`,
	},
);

project.test(
	'a React project of Vite: trusted, and components are replaced with their state',
	async t => {
		t.timeout(300_000);
		const {page, errors, failed} = await project.open(t, 'npm', 'run', 'dev');
		await page.getByRole('heading', {name: 'Hello from React'}).waitFor();
		await page.getByRole('button').click();
		await page.getByRole('button', {name: 'clicked 1 times'}).waitFor();
		project.edit('src/App.jsx', 'Hello from React', 'Edited meanwhile');
		await page.getByRole('heading', {name: 'Edited meanwhile'}).waitFor();
		await page.getByRole('button', {name: 'clicked 1 times'}).waitFor();
		t.deepEqual(errors, []);
		t.deepEqual(failed, []);
		await portray(page, 'project-react');
	},
);
