import {startDemoBackend} from '../demo/backend.js';
import {connectionLog} from '../demo/connections.js';
import type {Flags} from '../flags.js';
import {keepServing} from '../keep-serving.js';
import {serveOptions} from '../serve-options.js';

/**
 * `sealport demo`: wraps the built-in backend, which shows what a client and Sealport agreed on.
 *
 * @returns the exit code
 */
export async function demo(flags: Flags): Promise<number> {
	const log = connectionLog();
	const backend = await startDemoBackend({connections: log.recent});
	try {
		const wanted = {...(await serveOptions(flags)), routes: backend.port};
		return await keepServing([wanted], flags, tunnel => tunnel.on('handshake', log.add));
	} finally {
		await backend.close();
	}
}
