import {portray} from '../helpers/chromium.js';
import {makeProject} from '../helpers/project.js';

const project = await makeProject(
	{},
	{
		'public/index.html': `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>http.server</title><link rel="icon" href="data:,"></head>
<body style="font-family: sans-serif"><h1>Hello from Python</h1></body>
</html>
`,
	},
	'python3',
);

project.test('http.server of Python: trusted, and a reload shows the edit', async t => {
	t.timeout(180_000);
	const command = ['python3', '-m', 'http.server', '--directory', 'public'];
	const {page, errors, failed} = await project.open(t, ...command);
	await page.getByRole('heading', {name: 'Hello from Python'}).waitFor();
	project.edit('public/index.html', 'Hello from Python', 'Edited meanwhile');
	await page.reload();
	await page.getByRole('heading', {name: 'Edited meanwhile'}).waitFor();
	t.deepEqual(errors, []);
	t.deepEqual(failed, []);
	await portray(page, 'project-http-server');
});
