import {createPrivateKey, X509Certificate} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {must} from './making.js';
import {temporaryDirectory} from './temporary-directory.js';

/** A certificate with its key, and those that a server sends along with it; all PEM. */
export interface Forged {
	readonly key: string;
	readonly certificate: string;
	/** The certificates above it, its signer's first. */
	readonly above: readonly string[];
}

/** What a thief finds in a store: the issuing CA as a signer, and the root certificate. */
export interface Loot {
	readonly issuing: Forged;
	readonly root: string;
}

/** Takes the issuing key and both certificates out of a store. */
export function rob(store: string): Loot {
	const content = readFileSync(join(store, 'authority.pem'), 'utf8');
	const [key = '', certificate = '', root = ''] = content.split(/(?<=-----END [A-Z ]+-----\n)/);
	if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) {
		throw new Error('no loot');
	}
	return {issuing: {key, certificate, above: []}, root};
}

/**
 * Signs whatever a thief likes, with OpenSSL's own command.
 *
 * @param subject as `/CN=..`
 * @param extensions lines as OpenSSL's configuration has them
 */
export async function sign(
	t: ExecutionContext,
	signer: Forged,
	subject: string,
	extensions: readonly string[],
): Promise<Forged> {
	const room = temporaryDirectory(t);
	const [key, request, made, ca, caKey, config] = [
		...['key.pem', 'request.pem', 'made.pem', 'ca.pem', 'ca.key', 'extensions'],
	].map(name => join(room, name)) as [string, string, string, string, string, string];
	writeFileSync(ca, signer.certificate);
	writeFileSync(caKey, signer.key, {mode: 0o600});
	writeFileSync(config, `${extensions.join('\n')}\n`);
	await must('openssl', [
		...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'],
		...['-utf8', '-subj', subject, '-keyout', key, '-out', request],
	]);
	await must('openssl', [
		...['x509', '-req', '-in', request, '-CA', ca, '-CAkey', caKey, '-sha256', '-days', '20'],
		...['-extfile', config, '-out', made],
	]);
	return {
		key: readFileSync(key, 'utf8'),
		certificate: readFileSync(made, 'utf8'),
		above: [signer.certificate, ...signer.above],
	};
}

/** The extensions of a server's certificate, with these subject alternative names or without any. */
export function serverExtensions(names?: string): readonly string[] {
	return [
		'basicConstraints=critical,CA:FALSE',
		'keyUsage=critical,digitalSignature',
		'extendedKeyUsage=serverAuth',
		'subjectKeyIdentifier=hash',
		'authorityKeyIdentifier=keyid',
		...(names === undefined ? [] : [`subjectAltName=${names}`]),
	];
}

/** The extensions of a CA's certificate. */
export const caExtensions: readonly string[] = [
	'basicConstraints=critical,CA:TRUE',
	'keyUsage=critical,keyCertSign,cRLSign',
	'subjectKeyIdentifier=hash',
	'authorityKeyIdentifier=keyid',
];

/** A web server with a certificate of anybody's making. */
export interface FakeServer {
	readonly port: number;
	/** How many requests have come through: only a client that accepts the certificate sends one. */
	readonly requests: number;
	/** Why handshakes failed, in OpenSSL's words. */
	readonly failures: readonly string[];
}

/** Serves `hello` on a free port of 127.0.0.1 until the test is over. */
export async function startFakeServer(
	t: ExecutionContext,
	{key, certificate, above}: Forged,
): Promise<FakeServer> {
	let requests = 0;
	const failures: string[] = [];
	const server = createServer(
		{key, cert: [certificate, ...above].join('')},
		(_request, response) => {
			requests++;
			response.setHeader('connection', 'close');
			response.end('hello');
		},
	);
	server.on('tlsClientError', error => failures.push(error.message));
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return {
		port: (server.address() as AddressInfo).port,
		get requests() {
			return requests;
		},
		failures,
	};
}
