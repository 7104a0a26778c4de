import {startBackend} from '../helpers/backend.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {until} from '../helpers/until.js';
import {type Wrapped, wrap} from '../helpers/wrapped.js';

const withOpenssl = needs('openssl');

/** A client that says so when it does not accept a certificate. */
async function refuse(port: number, name: string, ...trust: readonly string[]): Promise<void> {
	const verify = ['-verify_hostname', name, '-verify_return_error', ...trust];
	const where = ['-connect', `127.0.0.1:${port}`, '-servername', name];
	const {code, stderr} = await run('openssl', ['s_client', ...where, ...verify]);
	if (code === 0) {
		throw new Error(`accepted for ${name}: ${stderr}`);
	}
}

const askFor = ({port, caFile}: Wrapped, name: string) => refuse(port, name, '-CAfile', caFile);

/** A client that knows nothing of the CA. */
const distrust = ({port}: Wrapped) =>
	refuse(port, 'localhost', '-no-CAfile', '-no-CApath', '-no-CAstore');

const warnings = ({run: {stderr}}: Wrapped) => stderr.match(/^warning: .*$/gm) ?? [];

withOpenssl(
	'a client that asks for a name that is not served is told of, once for each name',
	async t => {
		const wrapped = await wrap(t, 1);
		await askFor(wrapped, 'other.test');
		await askFor(wrapped, 'other.test');
		await askFor(wrapped, 'third.test');
		await until('there is a warning for the last one', () => /third/.test(wrapped.run.stderr));
		t.deepEqual(warnings(wrapped), [
			'warning: a client asked for other.test, which is not served: to serve it, add --name other.test',
			'warning: a client asked for third.test, which is not served: to serve it, add --name third.test',
		]);
	},
);

withOpenssl('a client that does not trust the CA is told of as before, once', async t => {
	const wrapped = await wrap(t, 1);
	await distrust(wrapped);
	await distrust(wrapped);
	await askFor(wrapped, 'other.test');
	await until('there is a warning for the last one', () => /other/.test(wrapped.run.stderr));
	const [first, second, ...more] = warnings(wrapped);
	t.true(
		first?.endsWith('closed the connection: sealport trust; sealport doctor says which clients do'),
		first,
	);
	t.regex(second ?? '', /asked for other\.test/);
	t.deepEqual(more, []);
});

withOpenssl('--quiet tells of neither', async t => {
	const backend = await startBackend(t, (_request, response) => response.end('hello'));
	const wrapped = await wrap(t, backend.port, '--quiet');
	await askFor(wrapped, 'other.test');
	await distrust(wrapped);
	wrapped.run.child.kill('SIGTERM');
	await wrapped.run.ended;
	t.is(wrapped.run.stderr, '');
});
