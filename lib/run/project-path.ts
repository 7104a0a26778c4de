import {delimiter, dirname, join} from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * PATH with what the project has installed in front, as npm has it for scripts: `sealport run vite` runs the
 * project's own.
 *
 * @param directory where the command is run; what lies in those above it counts, too
 * @param env ours
 * @returns one variable, by the name that it has in `env`
 */
export function projectPath(directory: string, env: Environment): Record<string, string> {
	const name = Object.keys(env).find(key => key.toUpperCase() === 'PATH') ?? 'PATH';
	const directories: string[] = [];
	for (let at = directory; ; at = dirname(at)) {
		directories.push(join(at, 'node_modules', '.bin'));
		if (dirname(at) === at) {
			break;
		}
	}
	return {[name]: [...directories, ...(env[name] ? [env[name]] : [])].join(delimiter)};
}
