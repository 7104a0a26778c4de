import {spawnProgram} from './cli.js';
import type {Owner} from './owner.js';

/** What a program has done in a terminal. */
export interface Session {
	readonly code: number;
	/** All that has come to the terminal. */
	readonly text: string;
	/** Whether the terminal shows what is typed, as at the beginning. */
	readonly echoes: boolean;
}

/** Reads what comes, and types each text once what comes after the one before has its pattern. */
const driver = `
import fcntl, json, os, re, sys, termios
steps = json.loads(sys.argv[1])
fd, slave = os.openpty()
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for own in (0, 1, 2):
        os.dup2(slave, own)
    os.execvp(sys.argv[2], sys.argv[2:])
text, rest = b'', b''
while True:
    try:
        chunk = os.read(fd, 65536)
    except OSError:
        break
    text, rest = text + chunk, rest + chunk
    if b'THE END' in rest:
        break
    while steps:
        found = re.search(steps[0][0].encode(), rest)
        if not found:
            break
        rest = rest[found.end():]
        os.write(fd, steps.pop(0)[1].encode())
echoes = bool(termios.tcgetattr(slave)[3] & termios.ECHO)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps({'code': status, 'text': text.decode('utf8', 'replace'), 'echoes': echoes}))
`;

/**
 * Runs a program in a pseudo-terminal, by Python.
 *
 * @param steps what to wait for, and what to type then; '\x03' is Ctrl+C
 */
export async function inTerminal(
	t: Owner,
	home: string,
	program: readonly string[],
	steps: ReadonlyArray<readonly [pattern: string, keys: string]>,
	env: NodeJS.ProcessEnv = {},
): Promise<Session> {
	const script = [
		'trap : INT;',
		...program.map(word => `'${word}'`),
		'; code=$?; echo THE END; exit $code',
	];
	const args = ['-c', driver, JSON.stringify(steps), 'sh', '-c', script.join(' ')];
	const run = spawnProgram(t, home, 'python3', args, {TERM: 'xterm-256color', ...env}, true);
	await run.ended;
	return JSON.parse(run.stdout === '' ? run.stderr : run.stdout) as Session;
}
