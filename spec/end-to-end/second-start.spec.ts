import {cpSync, existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {connect, type TLSSocket} from 'node:tls';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {runSealport, spawnProgram} from '../helpers/cli.js';
import {handshake} from '../helpers/clients.js';
import {fakeClock, withFakeClock} from '../helpers/fake-clock.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {modeOf} from '../helpers/stores.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const hello = (t: ExecutionContext) => startBackend(t, (_, response) => response.end('hello'));

/** Starts the command line and asks for a page; what makes the connection is the first thing it has to do. */
async function start(t: ExecutionContext, home: string, backend: number, env = {}, flags = ['']) {
	const args = [String(backend), '--port', '0', '--json', ...flags.filter(Boolean)];
	const run = runSealport(t, home, args, env);
	const {port, ca: caFile} = await run.listening();
	return {run, port, caFile: caFile ?? '', ca: readFileSync(caFile ?? '', 'utf8')};
}

async function leafOf(port: number, ca: string, name = 'localhost') {
	const socket = await handshake(port, ca, name);
	const certificate = socket.getPeerX509Certificate();
	socket.destroy();
	return certificate;
}

test('a second start serves the leaf of the first, and other names at once', async t => {
	const home = temporaryDirectory(t);
	const {port: backend} = await hello(t);
	const first = await start(t, home, backend);
	const leaf = await leafOf(first.port, first.ca);
	t.truthy(leaf);
	const file = join(dirname(first.caFile), 'leaf.pem');
	t.true(existsSync(file));
	if (process.platform !== 'win32') {
		t.is(modeOf(file), 0o600);
	}
	const second = await start(t, home, backend);
	const [other, same] = await Promise.all([
		leafOf(second.port, second.ca, 'app.localhost'),
		leafOf(second.port, second.ca),
	]);
	t.is(same?.serialNumber, leaf?.serialNumber);
	t.is(other?.subjectAltName, 'DNS:app.localhost');
	const third = await start(t, home, backend, {}, ['--name', 'app.test']);
	const wider = await leafOf(third.port, third.ca, 'app.test');
	t.not(wider?.serialNumber, leaf?.serialNumber);
	t.is(wider?.checkHost('app.test'), 'app.test');
	t.is(`${first.run.stderr}${second.run.stderr}`, '');
	t.regex(third.run.stderr, /^(warning: app\.test does not lead to this machine: [^\n]*\n)?$/);
});

withFakeClock('a start beyond two thirds of the life of a leaf makes another', async t => {
	const home = temporaryDirectory(t);
	const {port: backend} = await hello(t);
	const serials: (string | undefined)[] = [];
	for (const clock of ['+0d', '+19d', '+21d', '+0d']) {
		const {port} = await start(t, home, backend, fakeClock(clock));
		serials.push(await serialAt(port));
	}
	t.truthy(serials[0]);
	t.is(serials[1], serials[0]);
	t.not(serials[2], serials[0]);
	t.not(serials[3], serials[2]);
});

/** For the client such a leaf may not be valid yet. */
async function serialAt(port: number): Promise<string | undefined> {
	const socket = connect({host: '127.0.0.1', port, rejectUnauthorized: false});
	await new Promise((resolve, reject) => socket.once('secureConnect', resolve).on('error', reject));
	const serial = socket.getPeerX509Certificate()?.serialNumber;
	socket.destroy();
	return serial;
}

test('a start with a kept leaf answers without any package, and outlives that', async t => {
	const home = temporaryDirectory(t);
	const {port: backend} = await hello(t);
	const first = await start(t, home, backend);
	const leaf = await leafOf(first.port, first.ca);
	first.run.child.kill('SIGTERM');
	await first.run.ended;

	// The program alone, with nothing that it depends on: whatever it loaded of that would be missing.
	const alone = temporaryDirectory(t);
	const root = fileURLToPath(new URL('../../../', import.meta.url));
	cpSync(join(root, 'package.json'), join(alone, 'package.json'));
	for (const part of ['bin', 'lib']) {
		cpSync(join(root, 'dist', part), join(alone, 'dist', part), {recursive: true});
	}
	const program = join(alone, 'dist', 'bin', 'sealport.cjs');
	const run = spawnProgram(t, home, process.execPath, [
		program,
		String(backend),
		'-p',
		'0',
		'--json',
	]);
	const {port} = await run.listening();
	const at = {port, ca: first.ca};
	t.is((await fetchHttp1(at, '/')).body, 'hello');
	t.is((await leafOf(port, first.ca))?.serialNumber, leaf?.serialNumber);

	const refused: TLSSocket | Error = await handshake(port, first.ca, 'app.localhost').catch(
		error => error,
	);
	t.true(refused instanceof Error, 'a leaf of its own cannot be made here');
	t.is((await fetchHttp1(at, '/')).body, 'hello');
	t.is(run.stderr, '');
});
