import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fetchHttp1} from '../helpers/fetch.js';
import {onLinuxInTurn} from '../helpers/process.js';
import {runServer} from '../helpers/run-server.js';

/** Crashes when it is asked for /crash; does not come up while the file `broken` is there. */
const fragile = `
import http from 'node:http';
import fs from 'node:fs';
if (fs.existsSync('broken')) throw new Error('still broken');
http.createServer((request, response) => {
	if (request.url === '/crash') {
		console.log('\\x1b[31mgoing down\\x1b[0m: <img src=x onerror=alert(1)> \\x1b]0;title\\x07\\x1b[2J\\xff');
		process.stdout.write(Buffer.from([0xff, 0xfe, 0x80, 0x1b]));
		throw new Error('crashed on purpose');
	}
	response.end('up');
}).listen(process.env.PORT, process.env.HOST);
`;

onLinuxInTurn('a request that makes it crash is answered with what it said last', async t => {
	const server = runServer(t, fragile, ['--wait', '0']);
	const {port, ca} = await server.serving();
	const {status, headers, body} = await fetchHttp1({port, ca}, '/crash', {
		headers: {accept: 'text/html'},
	});
	t.is(status, 502);
	t.regex(body, /<span class="f1">going down<\/span>: &lt;img src=x onerror=alert\(1\)&gt;/);
	t.regex(body, /Error: crashed on purpose/);
	t.regex(body, /at .*server\.mjs:9:/);
	t.notRegex(body, /\x1b|\x07|\x9b| style=/);
	t.notRegex(String(headers['content-security-policy']), /unsafe-inline/);
	t.is(await server.run.ended, 1);
	t.regex(server.run.stderr, /"node server\.mjs" has ended with code 1/);
	await server.nothingLeft();
});

onLinuxInTurn('JSON has the last lines as text', async t => {
	const server = runServer(t, fragile, ['--wait', '0']);
	const {port, ca} = await server.serving();
	const {body} = await fetchHttp1({port, ca}, '/crash', {headers: {accept: 'application/json'}});
	const {code, output} = JSON.parse(body);
	t.is(code, 'backend-reset');
	t.true(output.some((line: string) => line.startsWith('going down: <img src=x')));
	t.true(output.includes('Error: crashed on purpose'));
	await server.nothingLeft();
});

onLinuxInTurn('with --restart it is started again, and requests are held meanwhile', async t => {
	const server = runServer(t, fragile, ['--restart', '--wait', '60']);
	const {port, ca} = await server.serving();
	for (let round = 1; round <= 3; round++) {
		await fetchHttp1({port, ca}, '/crash', {method: 'POST'});
		t.is((await fetchHttp1({port, ca}, '/')).body, 'up');
	}
	const said = server.run.stderr.match(/has ended with code 1: it is started again in [\d.]+ s/g);
	t.deepEqual(
		said?.map(line => line.split(' in ')[1]),
		['0.5 s', '1 s', '2 s'],
	);
	t.is(server.run.stdout.match(/^https:/gm)?.length, 1, 'the URL is said once');
	server.run.child.kill('SIGTERM');
	t.is(await server.run.ended, 143);
	await server.nothingLeft();
});

onLinuxInTurn('while it does not come up, the page says why', async t => {
	const server = runServer(t, fragile, ['--restart', '--wait', '0']);
	const {port, ca} = await server.serving();
	writeFileSync(join(server.directory, 'broken'), '');
	await fetchHttp1({port, ca}, '/crash', {method: 'POST'});
	await server.run.says(/Error: still broken/);
	const {status, body} = await fetchHttp1({port, ca}, '/', {headers: {accept: 'text/html'}});
	t.is(status, 502);
	t.regex(body, /Error: still broken/);
	t.regex(body, /location\.reload/);
	server.run.child.kill('SIGTERM');
	await server.run.ended;
	await server.nothingLeft();
});

onLinuxInTurn('one that ends by itself without fault is not started again', async t => {
	const server = runServer(t, 'process.exit(0)', ['--restart']);
	t.is(await server.run.ended, 0);
	await server.nothingLeft();
});
