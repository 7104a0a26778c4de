import {rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {openChromium} from '../helpers/chromium.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {home} from '../helpers/home.js';
import {needs, unless} from '../helpers/programs.js';
import {runServer} from '../helpers/run-server.js';

const script = `
import http from 'node:http';
import fs from 'node:fs';
import util from 'node:util';
if (fs.existsSync('broken')) {
	console.log('\\x1b[1;32m  VITE v7\\x1b[0m  \\x1b[2mstarting\\x1b[0m <b>not bold</b>');
	throw new Error('cannot read the configuration');
}
http.createServer((request, response) => {
	if (request.url === '/crash') process.exit(1);
	response.setHeader('content-type', 'text/html');
	response.end('<title>back</title>up again');
}).listen(process.env.PORT, process.env.HOST);
`;

const declare =
	process.platform === 'linux' ? needs('chromium', 'certutil') : unless('needs /proc', false);

declare('a browser sees what it said last, in colours, and reloads when it is back', async t => {
	t.timeout(180_000);
	const server = runServer(t, script, ['--restart', '--wait', '0'], {FORCE_COLOR: '1'});
	const {url, port, ca} = await server.serving();
	const {page, errors} = await openChromium(t, join(home, 'certs', 'ca.pem'));
	writeFileSync(join(server.directory, 'broken'), '');
	await fetchHttp1({port, ca}, '/crash', {method: 'POST'});
	await server.run.says(/cannot read the configuration/);
	await page.goto(url);
	const terminal = page.locator('.terminal');
	t.regex((await terminal.textContent()) ?? '', /VITE v7 {2}starting <b>not bold<\/b>/);
	t.regex((await terminal.textContent()) ?? '', /Error: cannot read the configuration/);
	const colour = await page.evaluate<string>(
		"getComputedStyle(document.querySelector('.terminal .f2')).color",
	);
	t.is(colour, 'rgb(126, 231, 135)');
	const place = process.env.SCREENSHOT;
	if (place !== undefined) {
		await page.screenshot({path: place});
	}
	rmSync(join(server.directory, 'broken'));
	await page.getByText('up again').waitFor({timeout: 90_000});
	t.is(await page.title(), 'back');
	t.deepEqual(
		errors.filter(text => !text.includes('502')),
		[],
	);
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});
