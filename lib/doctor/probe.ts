import {randomBytes, type X509Certificate} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {loadDer} from '../pki/der.js';
import {createLeaf} from '../pki/leaf.js';
import {parseName} from '../pki/names.js';
import {asOwner} from '../pki/store/owner.js';
import {serve} from '../serve.js';
import {readAuthority} from './certificate.js';
import type {Case} from './finding.js';

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

/**
 * Starts a listener as `sealport` would, on a free port: with the certificate given, or a leaf of the
 * store's authority, in front of a backend whose answers cannot be guessed. The store stays as it is: the
 * leaf's key lies in a private directory until the end.
 *
 * @throws UserError for a certificate or an authority that cannot be used, or is not there
 */
export async function openProbe(what: Case): Promise<Probe> {
	const {kind, ...own} = what.certificate;
	const isOwn = kind === 'own' || kind === 'pfx';
	const authority = isOwn ? undefined : await readAuthority(what);
	const room = await asOwner(async () => mkdtempSync(join(tmpdir(), 'sealport-doctor-')));
	const backend = createServer();
	const remove = async () => {
		backend.closeAllConnections();
		backend.close();
		// A client that was just ended may still be writing there.
		rmSync(room, {recursive: true, force: true, maxRetries: 10, retryDelay: 50});
	};
	try {
		const files = {cert: join(room, 'leaf.pem'), key: join(room, 'key.pem')};
		if (authority !== undefined) {
			const names = ['localhost', '127.0.0.1', '::1'].map(parseName);
			const leaf = createLeaf(await loadDer(), authority, names, what.now);
			writeFileSync(files.key, leaf.key, {mode: 0o600});
			writeFileSync(files.cert, leaf.chain, {mode: 0o600});
		}
		const proof = `sealport-${randomBytes(12).toString('hex')}`;
		// What git takes for the list of a repository's branches; others do not care.
		backend.on('request', (_request, response) =>
			response.end(`${'1'.repeat(40)}\trefs/heads/${proof}\n`),
		);
		await new Promise<void>((resolve, reject) => {
			backend.once('error', reject).listen(0, '127.0.0.1', resolve);
		});
		const tunnel = await serve({
			...(isOwn ? own : files),
			routes: `127.0.0.1:${(backend.address() as AddressInfo).port}`,
			port: 0,
			wait: 0,
		});
		return {
			url: tunnel.url,
			host: new URL(tunnel.url).hostname,
			port: tunnel.port,
			root: authority?.root,
			proof,
			room,
			async close() {
				await tunnel.close(0);
				await remove();
			},
		};
	} catch (error) {
		await remove();
		throw error;
	}
}
