import {chmod, mkdir, writeFile} from 'node:fs/promises';
import {delimiter, join} from 'node:path';
import {sealportProgram} from './cli.js';
import type {Owner} from './owner.js';
import {type Outcome, run} from './run.js';
import {temporaryDirectory} from './temporary-directory.js';

/** Types lines into a program that believes it talks to a person, each once the one before it is done. */
const typist = `
import json, os, pty, select, sys, time
lines = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
seen = b''
def read_until(text):
    global seen
    end = time.time() + 60
    while text not in seen and time.time() < end:
        if select.select([terminal], [], [], 1)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                break
for number, line in enumerate(lines):
    mark = b'DONE%d\\r' % number
    os.write(terminal, line.encode() + b'\\r')
    os.write(terminal, b"echo DO''NE%d\\r" % number)
    read_until(mark)
sys.stdout.write(seen.decode(errors='replace'))
os.kill(pid, 9)
os.waitpid(pid, 0)
`;

/**
 * Types lines into an interactive shell in which `sealport` says what it was given, but for
 * `sealport completion`, which is the real one.
 *
 * @param lines with tabs
 * @returns the arguments of each `sealport` that was run
 */
export async function typed(
	t: Owner,
	shell: readonly string[],
	lines: readonly string[],
	env: NodeJS.ProcessEnv = {},
): Promise<{readonly calls: readonly (readonly string[])[]; readonly screen: string}> {
	const {home, PATH} = await stubbed(t);
	const {stdout} = await run('python3', ['-c', typist, JSON.stringify(lines), ...shell], {
		env: {HOME: home, ZDOTDIR: home, XDG_CONFIG_HOME: home, PATH, TERM: 'xterm', ...env},
	});
	const said = Array.from(stdout.matchAll(/^CALLED<(.*)>\r$/gm), ([, args = '']) => args);
	return {calls: said.map(args => args.split('|')), screen: stdout};
}

/** Runs a script in a shell with that same `sealport`. */
export async function scripted(
	t: Owner,
	[shell = '', ...args]: readonly string[],
	script: string,
): Promise<Outcome> {
	const {home, PATH} = await stubbed(t);
	return run(shell, [...args, script], {env: {HOME: home, XDG_CONFIG_HOME: home, PATH}});
}

async function stubbed(t: Owner) {
	const home = temporaryDirectory(t);
	const programs = join(home, 'programs');
	await mkdir(programs);
	const command = join(programs, 'sealport');
	const real = `exec '${process.execPath}' '${sealportProgram}' "$@"`;
	const said = `IFS='|'; printf 'CALLED<%s>\\n' "$*"`;
	await writeFile(command, `#!/bin/sh\nif [ "$1" = completion ]; then ${real}; fi\n${said}\n`);
	await chmod(command, 0o700);
	return {home, PATH: [programs, process.env.PATH].join(delimiter)};
}
