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

/**
 * The routes of `--route`, and the backend beside them, which is the route `/`.
 *
 * @throws UserError `option-invalid`
 */
export function routesFrom(
	texts: readonly string[],
	backend: string | undefined,
): Record<string, string> {
	const routes: Record<string, string> = backend === undefined ? {} : {'/': backend};
	for (const text of texts.flatMap(separate).filter(each => each !== '')) {
		const equals = text.indexOf('=');
		if (equals < 1 || equals === text.length - 1) {
			throw new UserError(
				'option-invalid',
				`route: expected match=backend, got ${JSON.stringify(text)}`,
				{hint: 'such as --route /api=4000 or --route api.localhost=4000'},
			);
		}
		routes[text.slice(0, equals)] = text.slice(equals + 1);
	}
	return routes;
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
