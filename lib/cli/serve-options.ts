import {parseLane} from '../config/options.js';
import {UserError} from '../errors.js';
import type {ServeOptions} from '../index.js';
import {parseKeyType} from '../pki/key-type.js';
import type {Flags} from './flags.js';

/**
 * Turns flags, which are text, into what `serve` takes.
 *
 * @throws UserError `option-invalid`
 */
export async function serveOptions(flags: Flags): Promise<Omit<ServeOptions, 'routes'>> {
	const {
		port,
		host,
		name,
		limit,
		lane,
		wait,
		cert,
		key,
		pfx,
		passphrase,
		selfSigned,
		keyType,
		certs,
	} = flags;
	return {
		port,
		host,
		names: name?.flatMap(separate),
		limits: limit === undefined ? undefined : await readLimits(limit.flatMap(separate)),
		wait: wait === undefined ? undefined : seconds(wait),
		lane: lane === undefined ? undefined : parseLane(lane),
		cert,
		key,
		pfx,
		passphrase,
		selfSigned,
		keyType: keyType === undefined ? undefined : parseKeyType(keyType),
		certs,
	};
}

async function readLimits(texts: readonly string[]): Promise<ServeOptions['limits']> {
	const {limitsFrom} = await import('./limit-flag.js');
	return limitsFrom(texts);
}

/** What is given with commas between. */
function separate(text: string): string[] {
	return text.split(',').map(each => each.trim());
}

function seconds(text: string): number {
	if (!/^\d+(\.\d+)?$/.test(text)) {
		throw new UserError('option-invalid', `wait: expected seconds, got ${JSON.stringify(text)}`, {
			hint: 'such as --wait 30; 0 answers at once while the backend is down',
		});
	}
	return Number(text);
}
