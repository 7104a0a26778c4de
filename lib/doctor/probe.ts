import {randomBytes, type X509Certificate} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, type ServerResponse} from 'node:http';
import {createServer as createHttp2Server, type Http2ServerResponse} from 'node:http2';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {servedNames} from '../access/names.js';
import {reasonOf, UserError} from '../errors.js';
import {openListener} from '../listener/listener.js';
import {asOwner} from '../pki/store/owner.js';
import type {Case} from './finding.js';
import {leafToTry} from './leaf-to-try.js';

/** A listener for clients to try, and a directory for what they need. */
export interface Probe {
	/** `https://localhost:49211`. */
	readonly url: string;
	readonly host: string;
	readonly port: number;
	/** The root of what is served; `undefined` for a person's own certificate. */
	readonly root: X509Certificate | undefined;
	/** What every answer holds, and nothing else can. */
	readonly proof: string;
	/** A directory of the person's own. */
	readonly room: string;
	/** Cuts what is open, and removes the directory. */
	close(): Promise<void>;
}

/** Durations in milliseconds. */
const limits = {handshake: 10_000, head: 30_000, connections: 1000};

/**
 * Starts the listener of `sealport` on a free port, with the certificate given or a leaf of the store's
 * authority, and gives answers there that cannot be guessed. The store stays as it is, and the leaf's key
 * in memory.
 *
 * @param files what clients need in the directory: contents by name
 * @throws UserError for a certificate or an authority that cannot be used, or is not there, and
 *   `file-unwritable`
 */
export async function openProbe(
	what: Case,
	files: Readonly<Record<string, string>>,
): Promise<Probe> {
	const {contexts, host, root} = await leafToTry(what);
	const proof = `sealport-${randomBytes(12).toString('hex')}`;
	const answer = (_request: unknown, response: ServerResponse | Http2ServerResponse) => {
		// What git takes for the list of a repository's branches; others do not care.
		response.end(`${'1'.repeat(40)}\trefs/heads/${proof}\n`);
	};
	const [http1, http2] = [createServer(answer), createHttp2Server(answer)];
	http2.on('sessionError', () => {
		// The client has gone: that is what its own end says.
	});
	const listener = await openListener({
		...{host: 'loopback', port: 0, contexts, limits},
		names: servedNames([], name => name === host),
		entrance: {admit: () => undefined, identify: () => undefined},
		onRefusal: () => undefined,
		onSecure: socket => (socket.alpnProtocol === 'h2' ? http2 : http1).emit('connection', socket),
		onHandshake: () => undefined,
		onDistrust: () => undefined,
	});
	const cut = async () => {
		listener.stop();
		listener.close();
		http1.close();
		http2.close();
		await listener.idle();
	};
	try {
		const room = asOwner(() => makeRoom(files));
		return {
			...{url: `https://${host}:${listener.port}`, host, port: listener.port, root, proof, room},
			async close() {
				await cut();
				asOwner(() => remove(room));
			},
		};
	} catch (error) {
		await cut();
		throw error;
	}
}

/** All of it as the person: what root wrote in a person's directory could be led elsewhere by a link. */
function makeRoom(files: Readonly<Record<string, string>>): string {
	let room: string;
	try {
		room = mkdtempSync(join(tmpdir(), 'sealport-doctor-'));
	} catch (error) {
		const what = `cannot make a directory in ${tmpdir()}: ${reasonOf(error)}`;
		const hint = 'set TMPDIR to a directory that you may write to';
		throw new UserError('file-unwritable', what, {hint, cause: error});
	}
	try {
		for (const [name, content] of Object.entries(files)) {
			writeFileSync(join(room, name), content, {mode: 0o600, flag: 'wx'});
		}
		return room;
	} catch (error) {
		remove(room);
		throw error;
	}
}

function remove(room: string): void {
	// A client that was just ended may still be writing there.
	rmSync(room, {recursive: true, force: true, maxRetries: 10, retryDelay: 50});
}
