import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {startBackend} from '../helpers/backend.js';
import {sealportProgram, spawnProgram} from '../helpers/cli.js';
import {project, runIn, write} from '../helpers/configured.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {needs} from '../helpers/programs.js';

/** Runs a program in a terminal, takes the terminal away once it has said where it serves, and says how it ended. */
const driver = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b''
while b'https://' not in seen:
    seen += os.read(terminal, 65536)
os.close(terminal)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

for (const files of [{}, {'sealport.config.json': {wait: 1}}]) {
	needs('python3')(`a terminal that goes away ends it, with ${JSON.stringify(files)}`, async t => {
		t.timeout(60_000);
		const command = [process.execPath, sealportProgram, '3000', '--port', '0'];
		const args = ['-c', driver, ...command];
		const run = spawnProgram(t, project(t, files), 'python3', args, {}, true);
		t.is(await run.ended, 0, run.stderr);
		t.is(run.stdout, '129\n');
	});
}

test('without a terminal SIGHUP has every proxy of a file of the old format taken anew', async t => {
	t.timeout(60_000);
	const says = async (text: string) =>
		(await startBackend(t, (_, response) => response.end(text))).port;
	const [one, two, three] = [await says('one'), await says('two'), await says('three')];
	const directory = project(t, {'old.json': {a: {source: 0, target: one}}});
	const run = runIn(t, directory, ['-o', 'old.json', '--json']);
	const first = await run.listening();
	const events = () =>
		run.stdout
			.trim()
			.split('\n')
			.map(line => JSON.parse(line));
	const get = async ({port, ca}: {port: number; ca: string}) =>
		(await fetchHttp1({port, ca: readFileSync(ca, 'utf8')}, '/')).body;
	t.is(await get(first as {port: number; ca: string}), 'one');
	const file = join(directory, 'old.json');
	write(file, {a: {source: first.port, target: two}, b: {source: 0, target: three}});
	run.child.kill('SIGHUP');
	await run.says(/("event":"reloaded"[\s\S]*){2}\n/);
	const [a, b] = events().filter(({event}) => event === 'reloaded');
	t.is(a.port, first.port);
	t.is(await get(a), 'two');
	t.is(await get(b), 'three');
	write(file, {b: {source: b.port, target: one}});
	await run.says(/("event":"reloaded"[\s\S]*){3}\n/);
	t.is(await get(b), 'one');
	await t.throwsAsync(get(a), {code: 'ECONNREFUSED'});
	run.child.kill('SIGTERM');
	t.is(await run.ended, 143);
});
