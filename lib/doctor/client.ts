import type {Probe} from './probe.js';

/** A program that speaks TLS, as people use it. */
export interface Client {
	readonly name: string;
	/** The program's name, for PATH, or its path. */
	readonly program: string;
	/** Files that it needs in the probe's directory: their contents by name. */
	readonly files?: Readonly<Record<string, string>>;
	/** Its arguments, and what it is told on its standard input. */
	start(probe: Probe): {
		readonly args: readonly string[];
		readonly input?: string;
		/** Variables besides those of this process. */
		readonly env?: Readonly<Record<string, string>>;
		readonly cwd?: string;
	};
	/** The store that it trusts where nothing else is set; `none`: roots that it brings along. */
	readonly store: 'system' | 'java' | 'none';
	/** Variables that decide what it trusts. */
	readonly variables: readonly string[];
	/** The values with which they do; any when left out. */
	readonly decides?: RegExp;
	/** Milliseconds; ten seconds when left out. */
	readonly patience?: number;
	/** What to do where a trust store does not help; `sealport env` when left out. */
	readonly otherwise?: (caFile: string) => string;
	/** What it says where it is there, but cannot be tried, and why that is. */
	readonly useless?: ReadonlyArray<readonly [said: RegExp, why: string]>;
}

/** A request in its simplest form, for programs that only carry bytes. */
export function plainRequest({host, port}: Probe): string {
	return `GET / HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`;
}
