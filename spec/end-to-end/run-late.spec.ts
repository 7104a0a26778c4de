import {readFileSync} from 'node:fs';
import {fetchHttp1} from '../helpers/fetch.js';
import {home} from '../helpers/home.js';
import {onLinuxInTurn} from '../helpers/process.js';
import {plainServer, runServer} from '../helpers/run-server.js';

const afterward = (milliseconds: number) => `
import http from 'node:http';
console.log('preparing ' + process.env.SEALPORT_URL);
setTimeout(() => http.createServer((request, response) => response.end('at last'))
	.listen(process.env.PORT, '127.0.0.1'), ${milliseconds});
`;

onLinuxInTurn('a dev server that listens late is waited for, which is said once', async t => {
	t.timeout(180_000);
	const server = runServer(t, afterward(60_000));
	await server.run.says('preparing');
	await server.run.says(/does not listen on port \d+ yet/);
	t.notRegex(server.run.stdout, /^https:/m, 'no URL before it answers');
	const {port, ca} = await server.serving();
	t.is((await fetchHttp1({port, ca}, '/')).body, 'at last');
	const said = server.run.stderr.match(
		/does not listen on port (\d+) yet, tried on 127\.0\.0\.1 and ::1: still waiting; it is told the port by PORT/g,
	);
	t.is(said?.length, 1);
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});

onLinuxInTurn('requests that come while it starts are held', async t => {
	const server = runServer(t, afterward(3000), ['--json', '--wait', '60', '--verbose']);
	await server.run.says(/preparing .*\n/);
	const early = new URL(/preparing (.*)/.exec(server.run.stderr)?.[1] ?? '');
	const ca = readFileSync(`${home}/certs/ca.pem`, 'utf8');
	const {body} = await fetchHttp1({port: Number(early.port), ca}, '/early');
	t.is(body, 'at last');
	await server.serving();
	const first = server.run.stdout.split('\n')[0] ?? '';
	t.is(JSON.parse(first).event, 'listening');
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});

for (const [address, host] of [
	['127.0.0.1', '127.0.0.1'],
	['::1', '::1'],
	['all addresses', ''],
] as const) {
	onLinuxInTurn(`one that takes a port of its own, on ${address}, is found there`, async t => {
		const listen = host === '' ? '0' : `0, '${host}'`;
		const server = runServer(
			t,
			`import http from 'node:http';
			const own = http.createServer((request, response) => response.end('from my own port'));
			own.listen(${listen}, () => console.log('port ' + own.address().port));`,
		);
		const {port, ca} = await server.serving();
		t.is((await fetchHttp1({port, ca}, '/')).body, 'from my own port');
		const own = /^port (\d+)$/m.exec(server.run.stdout)?.[1];
		t.regex(
			server.run.stderr,
			new RegExp(`it listens on port ${own}, and not on \\d+ as PORT asks for`),
		);
		server.run.child.kill('SIGTERM');
		await server.nothingLeft();
	});
}

onLinuxInTurn('what listens beside its page, and is none, is not taken for it', async t => {
	const server = runServer(
		t,
		`import net from 'node:net';
		import inspector from 'node:inspector';
		inspector.open(0);
		net.createServer(socket => socket.end('not HTTP')).listen(0);
		setTimeout(async () => { ${plainServer.replace("import http from 'node:http'", "const {default: http} = await import('node:http')")} }, 5000);`,
	);
	const {port, ca} = await server.serving();
	t.is((await fetchHttp1({port, ca}, '/')).body, 'got /');
	t.notRegex(server.run.stderr, /it listens on port/);
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});
