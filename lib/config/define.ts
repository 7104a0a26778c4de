import type {ServeOptions} from './options.js';

/** What a configuration file may say: the options of `serve`, and what the command line does with them. */
export interface Config extends Omit<ServeOptions, 'routes' | 'signal' | 'lastWords'> {
	/** For editors. */
	readonly $schema?: string | undefined;
	readonly routes?: ServeOptions['routes'] | undefined;
	/** The backend of the route `/`, alone or beside `routes`. */
	readonly backend?: number | string | undefined;
	/** Opens the browser. */
	readonly open?: boolean | undefined;
	/** One JSON object a line on stdout. */
	readonly json?: boolean | undefined;
	/** Errors only. */
	readonly quiet?: boolean | undefined;
	/** A line for every request. */
	readonly verbose?: boolean | undefined;
	/** What `sealport run` starts when it is given no command. */
	readonly command?: string | readonly string[] | undefined;
}

/** What a configuration file in code may export by default. */
export type ConfigExport = Config | Promise<Config> | (() => Config | Promise<Config>);

/** Gives a configuration its type, for editors: it returns what it is given. */
export function defineConfig<Given extends ConfigExport>(config: Given): Given {
	return config;
}
