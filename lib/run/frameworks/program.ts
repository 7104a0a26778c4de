import {portIn} from './flag.js';

/** A command line without what only stands before the program. */
export interface Unwrapped {
	/** The program, and its arguments. */
	readonly words: readonly string[];
	/** The port that an assignment before the program gives it: `PORT=4000 next dev`. */
	readonly port: number | undefined;
}

/** Programs that run the words behind them, after assignments: `cross-env FOO=1 vite`. */
const plain = new Set(['cross-env', 'cross-env-shell', 'env', 'exec', 'time', 'nohup']);
/** Programs that run what stands behind `--`: `dotenv -e .env -- vite`. */
const dashed = new Set(['dotenv', 'dotenvx', 'env-cmd', 'doppler', 'infisical', 'op', 'varlock']);
/** Programs that run the words behind a command of theirs: `bundle exec rails server`. */
const commands: Readonly<Record<string, string>> = {
	bundle: 'exec',
	poetry: 'run',
	pipenv: 'run',
	pdm: 'run',
	uv: 'run',
	rye: 'run',
	hatch: 'run',
};

/** Takes off assignments of variables and programs that only prepare the environment. */
export function unwrapped(words: readonly string[]): Unwrapped {
	let rest = words;
	let port: number | undefined;
	for (;;) {
		const [first = '', second] = rest;
		const name = programName(first);
		const end = rest.indexOf('--');
		const assigned = /^([a-z_]\w*)=(.*)$/is.exec(first);
		if (assigned !== null) {
			port = assigned[1] === 'PORT' ? portIn(assigned[2] ?? '') : port;
			rest = rest.slice(1);
		} else if (plain.has(name)) {
			rest = rest.slice(1);
		} else if (dashed.has(name) && end > 0) {
			rest = rest.slice(end + 1);
		} else if (Object.hasOwn(commands, name) && commands[name] === second) {
			rest = rest.slice(2);
		} else {
			return {words: behindInterpreter(rest), port};
		}
	}
}

/** What an interpreter runs, where that is a known program and no file of the project. */
function behindInterpreter(words: readonly string[]): readonly string[] {
	const [first = '', ...others] = words;
	const name = programName(first);
	const start = others.findIndex(word => !word.startsWith('-'));
	const file = others[start] ?? '';
	if (/^(python[\d.]*|pypy[\d.]*|py)$/.test(name)) {
		const module = others.indexOf('-m');
		const isModule = module >= 0 && others.slice(0, module).every(word => word.startsWith('-'));
		if (isModule) {
			return others.slice(module + 1);
		}
		return /(^|[\\/])manage\.py$/.test(file) ? others.slice(start) : words;
	}
	if (name === 'php' && file === 'artisan') {
		return others.slice(start);
	}
	if (name === 'ruby' && /(^|[\\/])rails$/.test(file)) {
		return others.slice(start);
	}
	const isPackage = /^(node|bun|tsx)$/.test(name) && /(^|[\\/])node_modules[\\/]/.test(file);
	return isPackage ? others.slice(start) : words;
}

/** A program's name without its directory and what systems or package managers put behind it. */
export function programName(file: string): string {
	const base = file.split(/[\\/]/).at(-1) ?? '';
	return base.replace(/\.(js|mjs|cjs|cmd|exe|ps1|bat)$/i, '').replace(/(?<=.)@[^@]*$/, '');
}
