import {type Flag, flag, type Place, portIn, word} from './flag.js';

/** A program that serves, and does not do so where it is told to by PORT and HOST alone. */
export interface Framework {
	/** Names of its program, and of packages that bring one of another name: `npx @angular/cli serve`. */
	readonly names: readonly string[];
	/** Which of its command lines serve. */
	readonly serves: (args: readonly string[]) => boolean;
	/** Its flags for the port. */
	readonly ports: readonly string[];
	/** What it is to be told; a flag without a name takes the place of the argument that is the port. */
	readonly flags: (place: Place) => readonly Flag[] | Promise<readonly Flag[]>;
	/** The argument that is the port where no flag is. */
	readonly position?: (args: readonly string[]) => string | undefined;
	readonly env?: (place: Place) => Readonly<Record<string, string>>;
}

/**
 * A row of the table.
 *
 * @param names those of the program, with spaces between
 * @param ports its flags for the port, with spaces between
 */
export function row(
	names: string,
	serves: Framework['serves'],
	ports: string,
	flags: Framework['flags'],
	more: Pick<Framework, 'position' | 'env'> = {},
): Framework {
	const list = (text: string) => text.split(' ').filter(part => part !== '');
	return {names: list(names), serves, ports: list(ports), flags, ...more};
}

/** Serves whatever its arguments are. */
export const always = () => true;

/** Serves when one of these is among its arguments. */
export function on(...commands: readonly string[]) {
	return (args: readonly string[]) => args.some(arg => commands.includes(arg));
}

/** Serves when none of these is among its arguments. */
export function except(...commands: readonly string[]) {
	return (args: readonly string[]) => !args.some(arg => commands.includes(arg));
}

/** A flag for the port and one for the address, by names with spaces between, and others. */
export function listen(port: string, host: string, ...others: readonly Flag[]) {
	return (place: Place) => [named(port, place.port), named(host, place.host), ...others];
}

/** A flag for the port alone. */
export function portOnly(names: string) {
	return ({port}: Place) => [named(names, port)];
}

/** One flag for both: `127.0.0.1:3000`. */
export function together(names: string) {
	return ({host, port}: Place) => [named(names, `${host}:${port}`)];
}

function named(names: string, value: string | number): Flag {
	const [first = '', ...others] = names.split(' ');
	return flag(value, first, ...others);
}

/** `--port 3000 --host 127.0.0.1`. */
export const usual = listen('--port -p', '--host');
/** The same for Vite, which takes the next free port otherwise. */
export const strict = listen('--port', '--host', word('--strictPort'));

/**
 * Finds the argument that is a port, with or without an address.
 *
 * @param options those whose values are not meant
 */
export function numeric(...options: readonly string[]) {
	return (args: readonly string[]) =>
		args.find(
			(arg, index) => portIn(arg) !== undefined && !options.includes(args[index - 1] ?? ''),
		);
}
