import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const withPrograms = needs('openssl', 'curl');

async function ownCertificate(t: ExecutionContext, directory: string): Promise<void> {
	const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
	const of = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
	const out = ['-keyout', join(directory, 'own.key'), '-out', join(directory, 'own.pem')];
	t.is((await run('openssl', ['req', '-x509', ...ec, ...of, ...out])).code, 0);
}

async function get(ca: string, url: string): Promise<string> {
	return (await run('curl', ['-sS', '--noproxy', '*', '--cacert', ca, url])).stdout;
}

const says = (text: string) =>
	((_request, response) => response.end(text)) satisfies Parameters<typeof startBackend>[1];

for (const [source, target, hostname, cert, key] of [
	['-s', '-t', '-n', '-c', '-k'],
	['--source', '--target', '--hostname', '--cert', '--key'],
] as const) {
	withPrograms(`the flags ${source} ${target} ${hostname} ${cert} ${key}`, async t => {
		const directory = temporaryDirectory(t);
		await ownCertificate(t, directory);
		const backend = await startBackend(t, says('hello'));
		const files = [cert, join(directory, 'own.pem'), key, join(directory, 'own.key')];
		const where = [source, '0', target, String(backend.port), hostname, '127.0.0.1'];
		const sealport = runSealport(t, home, [...where, ...files]);
		await sealport.says(/https:\/\/localhost:\d+\n/);
		t.is(await get(join(directory, 'own.pem'), sealport.stdout.trim()), 'hello');
	});
}

withPrograms('-o starts every proxy of its file, each with its certificate', async t => {
	const directory = temporaryDirectory(t);
	await mkdir(join(directory, 'certs'));
	await ownCertificate(t, join(directory, 'certs'));
	const [one, two] = [await startBackend(t, says('one')), await startBackend(t, says('two'))];
	const own = {cert: 'certs/own.pem', key: 'certs/own.key'};
	const file = {
		one: {source: 0, target: one.port, hostname: 'localhost', ...own},
		two: {source: 0, target: two.port},
	};
	await writeFile(join(directory, 'proxies.json'), JSON.stringify(file));
	// Paths are relative to the working directory, which here is the home of the run.
	const sealport = runSealport(t, directory, ['-o', 'proxies.json', '--json']);
	await sealport.says(/"listening"[\s\S]*"listening".*\n/);
	const [first, second] = sealport.stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line) as {url: string; ca: string | null});
	t.is(first?.ca, null);
	t.is(await get(join(directory, 'certs/own.pem'), first?.url ?? ''), 'one');
	t.is(await get(second?.ca ?? '', second?.url ?? ''), 'two');
	sealport.child.kill('SIGINT');
	t.is(await sealport.ended, 130);
});

withPrograms('a proxy of the file that cannot start ends those that have', async t => {
	const directory = temporaryDirectory(t);
	const backend = await startBackend(t, says('here'));
	const file = {one: {source: 0, target: 3000}, two: {source: backend.port, target: 3000}};
	await writeFile(join(directory, 'proxies.json'), JSON.stringify(file));
	const sealport = runSealport(t, directory, ['-o', 'proxies.json', '--json']);
	t.is(await sealport.ended, 1);
	t.true(sealport.stderr.includes(`cannot listen on 127.0.0.1:${backend.port}`));
});

withPrograms('-v is the version', async t => {
	const sealport = runSealport(t, home, ['-v']);
	t.is(await sealport.ended, 0);
	t.regex(sealport.stdout, /^\d+\.\d+\.\d+\n$/);
});

test('when one proxy of a file cannot start, none is announced', async t => {
	const directory = temporaryDirectory(t);
	const taken = await startBackend(t, says('in the way'));
	const file = {one: {source: 0, target: 1}, two: {source: taken.port, target: 1}};
	await writeFile(join(directory, 'proxies.json'), JSON.stringify(file));
	const sealport = runSealport(t, directory, ['-o', 'proxies.json']);
	t.is(await sealport.ended, 1);
	t.is(sealport.stdout, '');
	t.regex(
		sealport.stderr,
		new RegExp(`^error: cannot listen on 127\\.0\\.0\\.1:${taken.port}: held by`),
	);
});
