import {programName} from '../listener/holder/command.js';
import {printable} from '../printable.js';

const interpreters =
	/^(?:node|nodejs|bun|deno|python[\d.]*|pypy[\d.]*|ruby|php[\d.]*|perl|java|dotnet)$/i;

/** Files whose name says nothing about the program that they begin. */
const nondescript = /^(?:index|main|cli|bin|start|start-server|server|run|app)$/i;

/**
 * What people call a program: `vite` for `node /app/node_modules/.bin/vite --port 3000`,
 * `python3 -m http.server`, `node server.js`. Printable, 60 characters at the most.
 *
 * @param argv its command line
 * @param name of the program, for where the command line says nothing
 */
export function labelOf(argv: readonly string[], name: string): string {
	// A title that the process gave itself comes as one word: `next-server (v15.1.0)`.
	const [first = '', ...rest] = argv.length === 1 ? (argv[0] ?? '').split(' ') : argv;
	const program = programName(first);
	if (program === '') {
		return name;
	}
	if (!interpreters.test(program)) {
		return printable(program.replace(/:$/, ''), 60);
	}
	const module = rest.indexOf('-m');
	const at = rest.findIndex(word => !word.startsWith('-'));
	if (module >= 0 && module < at) {
		return printable(`${program} -m ${rest[module + 1] ?? ''}`, 60);
	}
	const script = at < 0 || rest.slice(0, at).some(isCode) ? undefined : rest[at];
	if (script === undefined) {
		return printable(program, 60);
	}
	return printable(packaged(script) ?? `${program} ${programName(script)}`, 60);
}

/** Whether what follows is a program's text and not a file. */
function isCode(flag: string): boolean {
	return /^(?:-e|-p|-pe|-c|-S|-r|-jar|--eval|--print)$/.test(flag);
}

/** The command that a package brought along; the package's name where the file's says nothing. */
function packaged(script: string): string | undefined {
	const [, inside] = /^(?:.*[/\\])?node_modules[/\\](.+)$/.exec(script) ?? [];
	const parts = inside?.split(/[/\\]/) ?? [];
	if (parts.length === 0) {
		return undefined;
	}
	const file = (parts.at(-1) ?? '').replace(/\.[cm]?[jt]s$/, '');
	const owner = parts[0]?.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
	const isCommand = /^\.?bin$/.test(parts.at(-2) ?? '') && !nondescript.test(file);
	return isCommand ? file : owner;
}
