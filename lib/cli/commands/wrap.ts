import {UserError} from '../../errors.js';
import {effective} from '../effective.js';
import type {Flags} from '../flags.js';
import {serveEffective} from '../serve-effective.js';

/**
 * `sealport [backend]`: wraps one backend, what the flags of local-ssl-proxy name, or without any of them
 * the one dev server that runs on this machine.
 *
 * @returns the exit code
 * @throws UserError `usage` when no dev server is found, or more than one backend is named, or two ports to listen on
 */
export async function wrap(backend: string | undefined, flags: Flags): Promise<number> {
	const meant =
		backend !== undefined && /^[a-z]+$/i.test(backend) ? await commandLike(backend) : undefined;
	if (meant !== undefined) {
		throw new UserError('usage', `unknown command ${JSON.stringify(backend)}`, {
			hint: `did you mean sealport ${meant}? see sealport --help`,
		});
	}
	const holds = await effective({backend, flags});
	if (holds.options.length > 0) {
		return serveEffective({backend, flags}, holds);
	}
	const {findBackend} = await import('../find-backend.js');
	const found = await findBackend(holds.flags);
	if (found === undefined) {
		return 2;
	}
	const given = {backend: found, flags};
	return serveEffective(given, await effective(given));
}

async function commandLike(word: string): Promise<string | undefined> {
	const {nearestCommand} = await import('../usage.js');
	return nearestCommand(word);
}
