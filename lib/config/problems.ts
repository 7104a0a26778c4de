import {UserError} from '../errors.js';

/** Something that is wrong with a configuration. */
export interface Problem {
	/** Such as `routes[2].backend`. */
	readonly path: string;
	/** What is wrong, with the value. */
	readonly message: string;
	/** What to do about it. */
	readonly hint: string | undefined;
}

/** All that is wrong with a configuration. */
export class ConfigError extends UserError {
	/** @param code `config-invalid` for what comes from a file */
	constructor(
		readonly problems: readonly Problem[],
		code: 'option-invalid' | 'config-invalid' = 'option-invalid',
	) {
		const hints = [...new Set(problems.flatMap(({hint}) => hint ?? []))].join('\n');
		super(code, problems.map(lineOf).join('\n'), hints === '' ? {} : {hint: hints});
	}
}

/** A problem as it is told on one line. */
export function lineOf({path, message}: Problem): string {
	return `${path}: ${message}`;
}

/** Where problems are collected, so that all are told at once. */
export class Problems {
	readonly list: Problem[] = [];

	add(path: string, message: string, hint?: string): void {
		this.list.push({path, message, hint});
	}

	/**
	 * Notes down what a reader throws for people, whatever it calls the value.
	 *
	 * @param path what to call it; `undefined` for what the reader does
	 */
	attempt<Value>(path: string | undefined, read: () => Value): Value | undefined {
		try {
			return read();
		} catch (error) {
			if (error instanceof ConfigError) {
				this.list.push(...error.problems);
			} else if (error instanceof UserError) {
				const own = ownName.exec(error.message)?.[0] ?? '';
				const name = path === undefined || error.message.startsWith(`${path}: `) ? path : undefined;
				const lead = name === undefined ? own : `${name}: `;
				this.add(path ?? own.slice(0, -2), error.message.slice(lead.length), error.hint);
			} else {
				throw error;
			}
			return undefined;
		}
	}

	/** @throws ConfigError if there is any */
	settle(code?: 'config-invalid'): void {
		if (this.list.length > 0) {
			throw new ConfigError(this.list, code);
		}
	}
}

const ownName = /^[a-z][\w-]*(?: and [a-z][\w-]*)*: /;
