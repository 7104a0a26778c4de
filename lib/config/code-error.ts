import {readFileSync} from 'node:fs';
import {SourceMap} from 'node:module';
import {UserError} from '../errors.js';
import {type Place, placeOn} from './place.js';

/** What stands before the first line of a module's code when it runs. */
const lead =
	'(function (exports, require, module, __filename, __dirname, jitiImport, jitiESMResolve) { ';

/**
 * The error for a configuration file whose code does not run.
 *
 * @param shown what the file is called
 * @param sources what has run, with its source map, by file
 */
export function codeError(
	error: unknown,
	shown: string,
	path: string,
	sources: ReadonlyMap<string, string>,
): UserError {
	const thrown = error instanceof Error ? error : undefined;
	const message = thrown?.message ?? `it threw ${JSON.stringify(error) ?? typeof error}`;
	const syntax = /^(?:ParseError|SyntaxError): ([\s\S]*?)\s*\n\s*(.+):(\d+):(\d+)$/.exec(message);
	if (syntax !== null) {
		const [, why = '', file = path, line = '1', column = '0'] = syntax;
		return failure(
			file,
			`syntax error: ${why.trim()}`,
			'correct it there',
			Number(line),
			Number(column) + 1,
		);
	}
	const missing = /^Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1];
	const frame = frameOf(thrown, sources, path);
	const why = message.split('\n')[0] ?? '';
	const hint =
		missing === undefined
			? 'its code failed there; it has to return or export a configuration'
			: /^[./]/.test(missing)
				? 'correct the path of the import'
				: `install it: npm install --save-dev ${missing}`;
	const what = thrown !== undefined && thrown.name !== 'Error' ? `${thrown.name}: ${why}` : why;
	return failure(frame?.file ?? path, what, hint, frame?.line, frame?.column);

	function failure(file: string, what: string, hint: string, line?: number, column?: number) {
		const name = file === path ? shown : file;
		const place = line === undefined || column === undefined ? undefined : read(file, line, column);
		const where = place === undefined ? name : `${name}:${place.line}:${place.column}`;
		const text = place === undefined || place.text === '' ? '' : `: ${JSON.stringify(place.text)}`;
		return new UserError('config-invalid', `config: ${where}: ${what}${text}`, {
			hint,
			cause: error,
		});
	}
}

function read(file: string, line: number, column: number): Place {
	try {
		return placeOn(readFileSync(file, 'utf8'), line, column);
	} catch {
		return {line, column, text: ''};
	}
}

/** The first frame of a stack that lies in one of the files. */
function frameOf(error: Error | undefined, sources: ReadonlyMap<string, string>, path: string) {
	for (const frame of error?.stack?.split('\n').slice(1) ?? []) {
		const [, file = '', line, column] =
			/\(?((?:\/|[a-z]:\\)[^()]*?):(\d+):(\d+)\)?$/i.exec(frame) ?? [];
		if (sources.has(file) || file === path) {
			return {file, ...original(sources.get(file), Number(line), Number(column))};
		}
	}
	return undefined;
}

function original(code: string | undefined, line: number, column: number) {
	const encoded = /\/\/# sourceMappingURL=data:[^,]*;base64,([\w+/=]+)\s*$/.exec(code ?? '')?.[1];
	if (encoded === undefined) {
		return {line, column};
	}
	try {
		const payload = JSON.parse(Buffer.from(encoded, 'base64').toString()) as ConstructorParameters<
			typeof SourceMap
		>[0];
		const behind = line === 1 ? lead.length : 0;
		const entry = new SourceMap(payload).findEntry(line - 1, column - 1 - behind);
		return 'originalLine' in entry
			? {line: entry.originalLine + 1, column: entry.originalColumn + 1}
			: {line, column};
	} catch {
		return {line, column};
	}
}
