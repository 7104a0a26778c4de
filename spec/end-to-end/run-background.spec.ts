import {fetchHttp1} from '../helpers/fetch.js';
import {isAlive, onLinuxInTurn} from '../helpers/process.js';
import {plainServer, runServer, written} from '../helpers/run-server.js';

/** Leaves, once what it has started serves. */
const launcher = (code: number) => `
import {spawn} from 'node:child_process';
import {writeFileSync} from 'node:fs';
const server = ${JSON.stringify(`${plainServer} console.log('serving'); process.on('SIGUSR1', () => process.exit(1));`)};
writeFileSync('daemon.mjs', server);
const daemon = spawn(process.execPath, ['daemon.mjs'], {detached: true, stdio: ['ignore', 'pipe', 'ignore']});
daemon.stdout.once('data', () => {
	writeFileSync('pid', String(daemon.pid));
	console.log('leaving');
	process.exit(${code});
});
`;

onLinuxInTurn('what goes to the background is served until it ends there', async t => {
	const server = runServer(t, launcher(0));
	const {port, ca} = await server.serving();
	await server.run.says(/has gone to the background/);
	t.is((await fetchHttp1({port, ca}, '/still')).body, 'got /still');
	process.kill(Number(await written(server.directory, 'pid')), 'SIGUSR1');
	t.is(await server.run.ended, 0);
	await server.nothingLeft();
});

onLinuxInTurn('it is ended with Sealport', async t => {
	const server = runServer(t, launcher(0));
	await server.serving();
	await server.run.says(/has gone to the background/);
	const pid = Number(await written(server.directory, 'pid'));
	t.true(isAlive(pid));
	server.run.child.kill('SIGTERM');
	t.is(await server.run.ended, 143);
	t.false(isAlive(pid));
	await server.nothingLeft();
});

onLinuxInTurn('a launcher that fails takes it along', async t => {
	const server = runServer(t, launcher(4));
	t.is(await server.run.ended, 4);
	t.false(isAlive(Number(await written(server.directory, 'pid'))));
	await server.nothingLeft();
});
