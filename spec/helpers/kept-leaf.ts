import {X509Certificate} from 'node:crypto';
import {join} from 'node:path';
import type {TLSSocket} from 'node:tls';
import type {ExecutionContext} from 'ava';
import {type Certificates, openCertificates} from '../../lib/pki/certificates.js';
import {handshake} from './clients.js';
import {modeOf} from './stores.js';
import {serveTls} from './tls-server.js';

/** The names of a start that asks for none. */
export const names = ['localhost', '127.0.0.1', '::1'];

/** What a start serves. */
export interface Started extends Certificates {
	/** Of the default leaf. */
	readonly leaf: X509Certificate;
	readonly serial: string;
}

/** A start, as far as certificates go. */
export async function start(
	directory: string,
	options: {names?: readonly string[]; keyType?: 'ec' | 'rsa'; now?: () => number} = {},
): Promise<Started> {
	const {names: wanted = names, keyType = 'ec', now} = options;
	const certificates = await openCertificates(
		{kind: 'authority', directory, keyType},
		wanted,
		name => name.endsWith('.localhost'),
		now,
	);
	const leaf = new X509Certificate(certificates.unnamed().cert);
	return {...certificates, leaf, serial: leaf.serialNumber};
}

/** What a client is shown, which trusts the root of the store and nothing else. */
export async function seen(t: ExecutionContext, certificates: Certificates, name: string) {
	const port = await serveTls(t, certificates);
	const socket: TLSSocket = await handshake(port, certificates.ca ?? '', name);
	t.teardown(() => socket.destroy());
	t.true(socket.authorized, String(socket.authorizationError));
	return socket.getPeerX509Certificate();
}

/** The file with the leaf. */
export const kept = (directory: string) => join(directory, 'leaf.pem');

/** What is there is not served; what is served then is kept in its place. */
export async function madeAnew(
	t: ExecutionContext,
	directory: string,
	before: string,
	now?: number,
) {
	const options = now === undefined ? {} : {now: () => now};
	const next = await start(directory, options);
	t.not(next.serial, before);
	t.is(modeOf(kept(directory)), 0o600);
	t.is((await start(directory, options)).serial, next.serial);
	return next;
}
