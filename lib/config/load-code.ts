import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, extname, resolve, sep} from 'node:path';
import {createJiti} from 'jiti';
import {codeError} from './code-error.js';

/** Those that Node keeps for itself; they would be old at the next load. */
let kept: readonly string[] = [];

/**
 * Runs a configuration file in code, and reads everything it imports anew. TypeScript is understood on every
 * Node.js; `import 'sealport'` is this very package, wherever it is installed.
 *
 * @param shown what the file is called
 * @param own what `import 'sealport'` gives
 * @param files is given the file and all that it imports or names, but for installed packages
 * @returns what it exports; `undefined` without a default export
 * @throws UserError `config-invalid`: syntax, or what its code throws, with line, column and text
 */
export async function loadCode(
	path: string,
	shown: string,
	own: Readonly<Record<string, unknown>>,
	files: Set<string>,
): Promise<unknown> {
	const {cache} = createRequire(path);
	for (const each of kept) {
		delete cache[each];
	}
	const before = new Set(Object.keys(cache));
	files.add(path);
	const sources = new Map<string, string>();
	const transformer = createJiti(path, {fsCache: false, sourceMaps: true});
	const jiti = createJiti(path, {
		// Files of a cache in a directory for all users could be others' code.
		fsCache: false,
		moduleCache: false,
		interopDefault: false,
		sourceMaps: true,
		virtualModules: {sealport: own},
		transform: options => {
			const {filename} = options;
			if (filename !== undefined && !isInstalled(filename)) {
				for (const file of [filename, ...namedIn(options.source, filename)]) {
					files.add(file);
				}
			}
			const code = transformer.transform({...options, sourceMaps: true} as typeof options);
			sources.set(filename ?? '', code);
			return {code};
		},
	});
	const evaluate = (isAsync: boolean): unknown =>
		jiti.evalModule(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''), {
			filename: path,
			ext: extname(path),
			async: isAsync,
			forceTranspile: true,
		});
	try {
		const loaded = await withoutAwait(evaluate);
		return await inTime(called(isModule(loaded) ? loaded.default : loaded));
	} catch (error) {
		throw codeError(error, shown, path, sources);
	} finally {
		kept = Object.keys(cache).filter(each => !before.has(each) && !isInstalled(each));
		for (const file of kept) {
			files.add(file);
		}
	}
}

/** Only without `await` at its top level every module is read anew; with it, Node keeps some. */
async function withoutAwait(evaluate: (isAsync: boolean) => unknown): Promise<unknown> {
	try {
		return evaluate(false);
	} catch (error) {
		if (error instanceof SyntaxError && /\bawait\b/.test(error.message)) {
			return evaluate(true);
		}
		throw error;
	}
}

/** Milliseconds for what a configuration waits for. */
const patience = 30_000;

/** Without it, a promise that never settles would end the process without a word. */
async function inTime<Value>(value: Promise<Value>): Promise<Value> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		const message = `its promise has not settled within ${patience / 1000} seconds`;
		timer = setTimeout(() => reject(new Error(message)), patience);
	});
	try {
		return await Promise.race([value, late]);
	} finally {
		clearTimeout(timer);
	}
}

async function called(exported: unknown): Promise<unknown> {
	const value: unknown = await exported;
	return typeof value === 'function' ? ((await (value as () => unknown)()) as unknown) : value;
}

function isModule(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && '__esModule' in value;
}

/** Files that a source names by relative paths: what it reads or imports. */
function namedIn(source: string, filename: string): string[] {
	const names = [...source.matchAll(/["'`](\.{1,2}\/[^"'`\n]{1,200})["'`]/g)];
	return names.map(([, name = '']) => resolve(dirname(filename), name)).filter(existsSync);
}

function isInstalled(path: string): boolean {
	return path.includes(`${sep}node_modules${sep}`);
}
