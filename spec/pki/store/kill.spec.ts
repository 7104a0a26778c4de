import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {pemBlocks} from '../../../lib/pki/pem.js';
import {openAuthority} from '../../../lib/pki/store/open-authority.js';
import {run} from '../../helpers/run.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const path = (name: string) => fileURLToPath(new URL(`../../helpers/${name}.js`, import.meta.url));

/** The next start after a kill: loads what was published, or makes it anew, and leaves no stray file. */
async function startAgain(t: ExecutionContext, directory: string): Promise<boolean> {
	const file = join(directory, 'authority.pem');
	const published = existsSync(file) ? pemBlocks(readFileSync(file, 'utf8'))[2]?.text : undefined;
	const {authority} = await openAuthority(directory);
	t.true(published === undefined || published === authority.root.toString());
	t.deepEqual(readdirSync(directory).sort(), ['authority.pem', 'ca.pem']);
	t.is(readFileSync(join(directory, 'ca.pem'), 'utf8'), authority.root.toString());
	t.is((await openAuthority(directory)).authority.root.toString(), authority.root.toString());
	return published !== undefined;
}

async function killAtEachChange(t: ExecutionContext, env: NodeJS.ProcessEnv): Promise<void> {
	let killed = 0;
	for (let at = 1; ; at++) {
		const directory = join(temporaryDirectory(t), 'store');
		const {signal} = await run(
			process.execPath,
			['--import', path('file-faults'), path('open-store'), directory],
			{env: {...env, SPEC_KILL_AT: String(at)}},
		);
		if (signal !== 'SIGKILL') {
			break;
		}
		killed++;
		await startAgain(t, directory);
	}
	t.log(`killed before each of ${killed} changes of the file system`);
	t.true(killed >= 12);
}

test('kill -9 before each change of the file system: the store loads or is made anew', t =>
	killAtEachChange(t, {}));

test('kill -9 at random moments: the store loads or is made anew', async t => {
	let loaded = 0;
	// A third of what is promised, so that it is over soon; SEALPORT_SPEC_FULL asks for the whole.
	const kills = process.env.SEALPORT_SPEC_FULL === undefined ? 12 : 36;
	const round = async (wait: (directory: string) => Promise<void>): Promise<void> => {
		const directory = join(temporaryDirectory(t), 'store');
		const child = spawn(process.execPath, [path('open-store'), directory], {
			stdio: ['pipe', 'pipe', 'inherit'],
		});
		const exit = once(child, 'exit');
		await once(child.stdout, 'data');
		child.stdin.end();
		await Promise.race([wait(directory), exit]);
		child.kill('SIGKILL');
		await exit;
		loaded += (await startAgain(t, directory)) ? 1 : 0;
	};
	const anyMoment = () => sleep(Math.random() * 200);
	const whileWriting = async (directory: string) => {
		while (!existsSync(directory) || readdirSync(directory).length === 0) {
			await sleep(1);
		}
		await sleep(Math.random() * 10);
	};
	for (let count = 0; count < kills; count += 2) {
		await Promise.all([round(anyMoment), round(whileWriting)]);
	}
	t.log(`${kills} kills: ${loaded} after publication, ${kills - loaded} before`);
});
