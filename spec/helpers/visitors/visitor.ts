import type {ExecutionContext} from 'ava';
import type {OwnMachine} from '../own-machine.js';

/** A client as its users know it: it trusts what the machine trusts, and no flag says otherwise. */
export interface Visitor {
	/** What people call it. */
	readonly name: string;
	/** The programs that it needs. */
	readonly programs: readonly string[];
	/** In its own words: a certificate goes beyond the name constraints of a CA. */
	readonly unpermitted?: RegExp;
	/** Makes the client ready to visit. */
	arrive(t: ExecutionContext, machine: OwnMachine, caFile: string): Promise<Visit>;
}

/**
 * Asks for `/` of a server, and returns all that the client said. Whether it accepted the certificate is
 * for the server to say.
 */
export type Visit = (host: string, port: number) => Promise<string>;

/** Runs a program in a machine to its end and returns all that it said. */
export async function hear(
	machine: OwnMachine,
	program: string,
	args: readonly string[],
	options: {readonly env?: NodeJS.ProcessEnv; readonly input?: string} = {},
): Promise<string> {
	const {code, stdout, stderr} = await machine.run(program, args, options);
	return `${program} ended with ${code}: ${stderr}${stdout}`;
}

/** Runs a program in a machine; it has to succeed. */
export async function must(
	machine: OwnMachine,
	program: string,
	args: readonly string[],
): Promise<void> {
	const {code, stdout, stderr} = await machine.run(program, args);
	if (code !== 0) {
		throw new Error(`${program} ${args.join(' ')}: ${stderr}${stdout}`);
	}
}
