import type {System} from '../../lib/access/rules/system.js';

/** Files of a system that is not there: paths, and what is special about them. */
export type PaperFiles = Readonly<
	Record<
		string,
		{
			readonly leadsTo?: string;
			readonly isFolder?: boolean;
			readonly mode?: number;
			readonly text?: string;
		}
	>
>;

/**
 * A system as rules ask about it.
 *
 * @param files what there is
 * @param answers what programs write, by what is in their command line
 */
export function paperSystem(
	platform: NodeJS.Platform,
	files: PaperFiles = {},
	answers: Readonly<Record<string, string>> = {},
	own: Partial<System> = {},
): System & {readonly asked: readonly string[]} {
	const asked: string[] = [];
	return {
		platform,
		path: '/usr/local/bin:/usr/bin',
		uid: platform === 'win32' ? undefined : 1001,
		asked,
		find(path) {
			const found = files[path];
			if (found === undefined) {
				throw Object.assign(new Error('not there'), {code: 'ENOENT'});
			}
			const target = found.leadsTo ?? path;
			const {isFolder = target.endsWith('/'), mode = 0o755} = files[target] ?? {};
			return {path: target.replace(/(?<=.)[/\\]$/, ''), isFile: !isFolder, mode};
		},
		beginning: path => files[path]?.text?.slice(0, 256) ?? '',
		read: path => files[path]?.text ?? '',
		run(file, args) {
			const line = [file, ...args].join(' ');
			asked.push(line);
			return Object.entries(answers).find(([part]) => line.includes(part))?.[1] ?? '';
		},
		...own,
	};
}
