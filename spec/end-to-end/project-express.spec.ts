import {portray} from '../helpers/chromium.js';
import {makeProject} from '../helpers/project.js';

const project = await makeProject(
	{express: '5.3.0', ws: '8.23.0'},
	{
		'package.json': '{"scripts": {"dev": "node --watch server.js"}}',
		'server.js': `import {createServer} from 'node:http';
import express from 'express';
import {WebSocketServer} from 'ws';
import {greeting} from './greeting.js';
const app = express();
app.use(express.static('public'));
app.get('/greeting', (request, response) => response.json({greeting, protocol: request.get('x-forwarded-proto')}));
const server = createServer(app);
const started = String(process.pid);
new WebSocketServer({server, path: '/live'}).on('connection', socket => socket.send(started));
server.listen(process.env.PORT, process.env.HOST);
`,
		'greeting.js': `export const greeting = 'Hello from Express';\n`,
		'public/index.html': `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Express</title><link rel="icon" href="data:,"></head>
<body style="font-family: sans-serif">
<h1 id="greeting"></h1><p id="protocol"></p>
<script type="module" src="/live.js"></script>
</body>
</html>
`,
		'public/live.js': `const {greeting, protocol} = await (await fetch('/greeting')).json();
document.getElementById('greeting').textContent = greeting;
document.getElementById('protocol').textContent = protocol;
let known;
const connect = () => {
	const socket = new WebSocket('wss://' + location.host + '/live');
	socket.onmessage = ({data}) => {
		known ??= data;
		document.title = 'live';
		if (data !== known) {
			location.reload();
		}
	};
	socket.onclose = () => setTimeout(connect, 100);
};
connect();
`,
	},
);

project.test(
	'an Express project with ws: trusted, and its WebSocket tells of restarts',
	async t => {
		t.timeout(300_000);
		const {page, failed} = await project.open(t, 'npm', 'run', 'dev');
		await page.getByRole('heading', {name: 'Hello from Express'}).waitFor();
		await page.getByText('https', {exact: true}).waitFor();
		await page.waitForFunction("document.title === 'live'");
		project.edit('greeting.js', 'Hello from Express', 'Edited meanwhile');
		await page.getByRole('heading', {name: 'Edited meanwhile'}).waitFor();
		t.deepEqual(failed, []);
		await portray(page, 'project-express');
	},
);
