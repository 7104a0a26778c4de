import type {Options} from 'yargs';

/** A command beside the default one: what the parser has to know of it, and what it does. */
export interface Command {
	/** The name, and its positional arguments: `trust`, or `cert [names..]`. */
	readonly usage: string;
	/** For the list of commands in `--help`. */
	readonly summary: string;
	/** The first line of its own `--help`, behind the program's name; the usage itself when left out. */
	readonly title?: string;
	readonly flags: Readonly<Record<string, Options>>;
	/** Positional arguments by name; `otherwise` says what holds without them. */
	readonly positionals?: Readonly<
		Record<string, {readonly describe: string; readonly otherwise?: string}>
	>;
	/** Command lines, each with what it does. */
	readonly examples?: ReadonlyArray<readonly [line: string, meaning: string]>;
	/**
	 * Whether it takes another program's command line: behind a lone `--`, or `bare`, from the first word on
	 * that is no flag of its own.
	 */
	readonly takesCommand?: boolean | 'bare';
	/**
	 * Loads what the command needs and runs it.
	 *
	 * @param given the flags by their names in camel case, and the positional arguments
	 * @param rest the other program's command line, for a command that takes one; `undefined` without one
	 * @returns the exit code
	 */
	run(
		given: Readonly<Record<string, unknown>>,
		rest: readonly string[] | undefined,
	): Promise<number>;
}

/** The name of a command, without its positional arguments. */
export function nameOf({usage}: Command): string {
	return usage.split(' ')[0] ?? '';
}
