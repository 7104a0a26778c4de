import {fetchHttp1} from '../helpers/fetch.js';
import {onLinuxInTurn} from '../helpers/process.js';
import {plainServer, runCommand, runServer} from '../helpers/run-server.js';
import {until} from '../helpers/until.js';

for (const [how, script, code] of [
	['by itself', 'process.exit(0)', 0],
	['with a code', 'process.exit(42)', 42],
	['by an exception', 'throw new Error("no good")', 1],
	['by a signal', 'process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1000)', 139],
	['by SIGKILL', 'process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000)', 137],
] as const) {
	onLinuxInTurn(`a dev server that ends ${how}: Sealport ends with ${code}`, async t => {
		const server = runServer(t, script);
		t.is(await server.run.ended, code);
		t.is(server.run.stdout, '');
		await server.nothingLeft();
	});
}

for (const [signal, number] of [
	['SIGINT', 2],
	['SIGTERM', 15],
	['SIGHUP', 1],
] as const) {
	onLinuxInTurn(`${signal} goes to the dev server, whose answer to it is Sealport's`, async t => {
		const server = runServer(
			t,
			`${plainServer} process.on('${signal}', () => { console.log('got ${signal}'); process.exit(7); });`,
		);
		await server.serving();
		server.run.child.kill(signal);
		t.is(await server.run.ended, 7);
		t.regex(server.run.stdout, new RegExp(`^got ${signal}$`, 'm'));
		await server.nothingLeft();
	});

	onLinuxInTurn(`${signal} ends a dev server that does not expect it: ${128 + number}`, async t => {
		const server = runServer(t, plainServer);
		await server.serving();
		server.run.child.kill(signal);
		t.is(await server.run.ended, 128 + number);
		await server.nothingLeft();
	});
}

const stubborn = `${plainServer} for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => console.log('no: ' + name));`;

onLinuxInTurn('a dev server that ignores SIGTERM is killed after ten seconds', async t => {
	const server = runServer(t, stubborn);
	await server.serving();
	server.run.child.kill('SIGTERM');
	t.is(await server.run.ended, 137);
	t.regex(server.run.stdout, /^no: SIGTERM$/m);
	t.regex(server.run.stderr, /waiting up to 10 seconds for "node server\.mjs" to end/);
	t.regex(server.run.stderr, /has not ended within 10 seconds of SIGTERM, and was killed/);
	await server.nothingLeft();
});

onLinuxInTurn('a second signal kills it at once', async t => {
	const server = runServer(t, stubborn);
	await server.serving();
	server.run.child.kill('SIGINT');
	await server.run.says(/press Ctrl\+C again/);
	server.run.child.kill('SIGINT');
	t.is(await server.run.ended, 137);
	t.notRegex(server.run.stderr, /has not ended within/);
	await server.nothingLeft();
});

onLinuxInTurn('a signal that comes twice at once, as through npm, is one', async t => {
	const server = runServer(
		t,
		`${plainServer} process.on('SIGINT', () => setTimeout(() => process.exit(5), 1500));`,
	);
	await server.serving();
	server.run.child.kill('SIGINT');
	server.run.child.kill('SIGINT');
	t.is(await server.run.ended, 5);
	await server.nothingLeft();
});

onLinuxInTurn('a request that is open when the signal comes is answered', async t => {
	const server = runServer(
		t,
		`import http from 'node:http';
		const all = http.createServer((request, response) => {
			console.log('asked');
			process.once('SIGTERM', () => { response.end('late'); all.close(); });
		}).listen(process.env.PORT);`,
	);
	const {port, ca} = await server.serving();
	const answer = fetchHttp1({port, ca}, '/');
	await server.run.says('asked');
	server.run.child.kill('SIGTERM');
	t.is((await answer).body, 'late');
	t.is(await server.run.ended, 0);
	await server.nothingLeft();
});

onLinuxInTurn('npm in between leaves nothing behind', async t => {
	const server = runCommand(t, ['npm', 'run', 'start'], [], {
		'package.json': JSON.stringify({scripts: {start: 'node server.mjs & wait'}}),
		'server.mjs': plainServer,
	});
	await server.serving();
	t.true(server.left().length > 2);
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});

onLinuxInTurn('what ends by itself ends the rest of its tree', async t => {
	const server = runCommand(t, ['sh', '-c', 'node server.mjs & sleep 1000 & sleep 1; exit 9'], [], {
		'server.mjs': plainServer,
	});
	t.is(await server.run.ended, 9);
	await server.nothingLeft();
});

onLinuxInTurn('a signal before it listens ends it as well', async t => {
	const server = runServer(t, 'console.log("up"); setInterval(() => {}, 1000);');
	await server.run.says('up');
	server.run.child.kill('SIGTERM');
	t.is(await server.run.ended, 143);
	await until('nothing is left', () => server.left().length === 0);
	await server.nothingLeft();
});
