import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, readdirSync, readFileSync, utimesSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {publishByClaim} from '../../../lib/pki/store/claim.js';
import {openAuthority} from '../../../lib/pki/store/open-authority.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const path = (name: string) => fileURLToPath(new URL(`../../helpers/${name}.js`, import.meta.url));

async function startTogether(t: ExecutionContext, env: NodeJS.ProcessEnv): Promise<void> {
	const directory = join(temporaryDirectory(t), 'not', 'there', 'yet');
	const starts = await Promise.all(
		Array.from({length: 8}, async () => {
			const child = spawn(
				process.execPath,
				['--import', path('file-faults'), path('open-store'), directory],
				{stdio: ['pipe', 'pipe', 'inherit'], env: {...process.env, ...env}},
			);
			t.teardown(() => child.kill('SIGKILL'));
			const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
			t.is((await lines.next()).value, 'ready');
			return {child, lines, exit: once(child, 'exit')};
		}),
	);
	for (const {child} of starts) {
		child.stdin.end();
	}
	const roots = await Promise.all(starts.map(async ({lines}) => (await lines.next()).value));
	const codes = await Promise.all(starts.map(async ({exit}) => (await exit)[0]));
	t.deepEqual(codes, new Array(8).fill(0));
	t.is(new Set(roots).size, 1);
	t.deepEqual(readdirSync(directory).sort(), ['authority.pem', 'ca.pem']);
	const {authority} = await openAuthority(directory);
	t.is(authority.root.fingerprint256, roots[0]);
	t.is(readFileSync(join(directory, 'ca.pem'), 'utf8'), authority.root.toString());
}

test('eight processes that start at once on an empty store end with one authority', t =>
	startTogether(t, {}));

test('so do eight on a file system without hard links', t => startTogether(t, {SPEC_NO_LINK: '1'}));

test('eight starts at once within one process end with one authority', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const opened = await Promise.all(Array.from({length: 8}, () => openAuthority(directory)));
	t.is(new Set(opened.map(({authority}) => authority.root.fingerprint256)).size, 1);
});

test('a claim that a killed process left is taken over', async t => {
	const directory = temporaryDirectory(t);
	const claim = join(directory, '.sealport-claim');
	mkdirSync(claim);
	const past = Date.now() / 1000 - 60;
	utimesSync(claim, past, past);
	t.true(await publishByClaim(directory, 'authority.pem', 'content'));
	t.false(await publishByClaim(directory, 'authority.pem', 'other content'));
	t.is(readFileSync(join(directory, 'authority.pem'), 'utf8'), 'content');
	t.deepEqual(readdirSync(directory), ['authority.pem']);
});
