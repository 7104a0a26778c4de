import {commandText, isSealport} from '../listener/holder/command.js';
import {printable} from '../printable.js';

/** A TCP socket that listens, and whose it is. */
export interface Listening {
	readonly port: number;
	/** In canonical form; `0.0.0.0` and `::` stand for every address. */
	readonly address: string;
	readonly pid: number;
	/** Short name of the program: `node`. Printable. */
	readonly name: string;
	/** The whole command line, printable, cut after 120 characters; the name where it cannot be seen. */
	readonly command: string;
	readonly argv: readonly string[];
	/** Where it works, as it is: not printable. */
	readonly directory: string | undefined;
	/** The program is Sealport itself. */
	readonly sealport: boolean;
}

/** What the systems tell of a listening socket, each in its own way. */
export interface Observed {
	readonly port: number;
	readonly address: string;
	readonly pid: number;
	readonly name: string | undefined;
	readonly argv: readonly string[];
	readonly directory: string | undefined;
}

/** Makes what a system has told fit for people. */
export function asListening({name, argv, ...rest}: Observed): Listening {
	const shown = printable(name === undefined || name === '' ? 'a program' : name, 40);
	const command = argv.length === 0 ? shown : commandText(argv);
	return {...rest, name: shown, command, argv, sealport: isSealport(argv)};
}
