/** How a package manager is asked to run scripts and programs. */
export interface Manager {
	/** Commands before the name of a script. */
	readonly run: readonly string[];
	/** Commands that are names of scripts. */
	readonly scripts: readonly string[];
	/** Commands before the name of a program. */
	readonly exec: readonly string[];
	/** Whether a script's name may stand alone. */
	readonly bare: boolean;
	/** Whether it takes flags for its own unless `--` stands before them. */
	readonly dashes: boolean;
	/** Options before a directory. */
	readonly directory: readonly string[];
	/** Options with which it is not known where, or how often, the script runs. */
	readonly elsewhere: readonly string[];
}

/** The package managers, by the names of their programs. */
export const managers: Readonly<Record<string, Manager>> = {
	npm: {
		run: ['run', 'run-script', 'rum', 'urn'],
		scripts: ['start', 'test', 'stop', 'restart'],
		exec: ['exec', 'x'],
		bare: false,
		dashes: true,
		directory: ['--prefix', '-C'],
		elsewhere: ['-w', '--workspace', '-ws', '--workspaces', '-c', '--call'],
	},
	pnpm: {
		run: ['run', 'run-script'],
		scripts: ['start', 'test'],
		exec: ['exec', 'dlx'],
		bare: true,
		dashes: false,
		directory: ['-C', '--dir'],
		elsewhere: [
			'-F',
			'--filter',
			'-r',
			'--recursive',
			'-w',
			'--workspace-root',
			'-c',
			'--shell-mode',
		],
	},
	yarn: {
		run: ['run'],
		scripts: [],
		exec: ['exec', 'dlx'],
		bare: true,
		dashes: false,
		directory: ['--cwd'],
		elsewhere: ['workspace', 'workspaces'],
	},
	bun: {
		run: ['run'],
		scripts: [],
		exec: ['x'],
		bare: true,
		dashes: false,
		directory: ['--cwd'],
		elsewhere: ['-F', '--filter'],
	},
	deno: {
		run: ['task'],
		scripts: [],
		exec: [],
		bare: false,
		dashes: false,
		directory: ['--cwd'],
		elsewhere: ['-r', '--recursive', '-f', '--filter'],
	},
};

/** Programs whose first word is a program of a package. */
export const runners = new Set(['npx', 'pnpx', 'bunx']);
