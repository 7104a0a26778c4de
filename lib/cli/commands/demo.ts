import type {Handshake} from '../../index.js';
import {type Connection, startDemoBackend} from '../demo/backend.js';
import type {Flags} from '../flags.js';
import {keepServing} from '../keep-serving.js';
import {serveOptions} from '../serve-options.js';

/** How many connections the page may look back on. */
const remembered = 20;

/**
 * `sealport demo`: wraps the built-in backend, which shows what a client and Sealport agreed on.
 *
 * @returns the exit code
 */
export async function demo(flags: Flags): Promise<number> {
	const connections: Connection[] = [];
	const record = ({tls, cipher, alpn}: Handshake) => {
		connections.push({protocol: tls, cipher, alpn, since: Date.now()});
		connections.splice(0, connections.length - remembered);
	};
	const backend = await startDemoBackend({connections: () => connections});
	try {
		const wanted = {...serveOptions(flags), routes: backend.port};
		return await keepServing([wanted], flags, tunnel => tunnel.on('handshake', record));
	} finally {
		await backend.close();
	}
}
