import {execFile, execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {ServerCredentials} from '@grpc/grpc-js';
import {packageFile} from '../../../lib/package-file.js';
import {python} from '../../helpers/http2-clients/programs.js';
import {talkAsGrpc, talkAsNode} from './recorded-clients.js';
import {makeGrpcServer, makeServer} from './recorded-servers.js';
import {listen, startRecorder} from './recorder.js';
import {recordingsFile} from './seeds.js';

// node dist/spec/fuzz/http2/record.js: writes down what real clients and servers say to each other over HTTP/2,
// as seeds. Needs curl, nghttp, h2load, Chromium, and Debian's python3-h2.

const run = promisify(execFile);

/** Longest recording that is kept, in octets. */
const longest = 24 * 1024;

const home = mkdtempSync(join(tmpdir(), 'sealport-record-'));
const [keyFile, certFile] = [join(home, 'key.pem'), join(home, 'cert.pem')];
execFileSync(
	'openssl',
	`req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${keyFile} -out ${certFile}`.split(
		' ',
	),
	{stdio: 'ignore'},
);
const tls = {key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8')};
const backend = makeServer();
const grpc = makeGrpcServer();
const grpcPort = await new Promise<number>((resolve, reject) =>
	grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
		error ? reject(error) : resolve(port),
	),
);
const recorder = await startRecorder(await listen(backend), tls);
const plain = await startRecorder(grpcPort);
const url = `https://localhost:${recorder.port}`;
const upload = join(home, 'upload');
writeFileSync(upload, 'x'.repeat(1000));

const talks: Record<string, () => Promise<unknown>> = {
	curl: () =>
		run('curl', [
			'-sk',
			'--http2',
			'-Z',
			`${url}/`,
			`${url}/large`,
			`${url}/a.js`,
			'-o',
			'/dev/null',
			'-o',
			'/dev/null',
			'-o',
			'/dev/null',
		]),
	'curl, uploading': () =>
		run('curl', ['-sk', '--http2', '-T', upload, `${url}/echo`, '-H', 'Expect:']),
	'curl, posting': () =>
		run('curl', ['-sk', '--http2', '-d', 'a=1', '-b', 'a=1; b=2', `${url}/echo`]),
	nghttp: () => run('nghttp', ['-n', '--no-verify-peer', `${url}/`, `${url}/large`, `${url}/a.js`]),
	'nghttp, posting': () =>
		run('nghttp', [
			'-n',
			'--no-verify-peer',
			'-d',
			upload,
			'--trailer',
			'x-sum: 1',
			'-b',
			'4',
			'-w',
			'17',
			'-W',
			'18',
			'-c',
			'1024',
			`${url}/echo`,
		]),
	h2load: () => run('h2load', ['-n', '30', '-c', '1', '-m', '10', `${url}/a.js`]),
	'h2load, posting': () =>
		run('h2load', ['-n', '2', '-c', '1', '-m', '2', '-d', upload, `${url}/echo`]),
	node: () => talkAsNode(url),
	chromium: () =>
		run(
			'chromium',
			[
				'--headless',
				'--no-sandbox',
				'--ignore-certificate-errors',
				'--virtual-time-budget=3000',
				`--user-data-dir=${home}/chromium`,
				'--dump-dom',
				`${url}/`,
			],
			{timeout: 60_000},
		),
	'python-h2': () =>
		run(python, [
			'-c',
			readFileSync(packageFile('spec/fuzz/http2/talk.py'), 'utf8'),
			String(recorder.port),
		]),
	grpc: () => talkAsGrpc(plain.port),
};
const lines: string[] = [];
for (const [name, talk] of Object.entries(talks)) {
	await talk().catch((error: unknown) => process.stderr.write(`${name}: ${String(error)}\n`));
	await new Promise(resolve => setTimeout(resolve, 300));
	const recording = (name === 'grpc' ? plain : recorder).take();
	for (const side of ['client', 'server'] as const) {
		const bytes = recording?.[side] ?? Buffer.alloc(0);
		process.stdout.write(`${name}, ${side}: ${bytes.length} octets\n`);
		lines.push(`${side}\t${name}\t${bytes.subarray(0, longest).toString('base64')}\n`);
	}
}
writeFileSync(recordingsFile, lines.join(''));
rmSync(home, {recursive: true, force: true});
process.exit();
