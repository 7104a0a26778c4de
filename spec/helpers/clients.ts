import {isIP} from 'node:net';
import {connect, type TLSSocket} from 'node:tls';
import type {Outcome} from './run.js';
import {run} from './run.js';

/** What a client says of a chain. */
export interface Verdict {
	readonly accepted: boolean;
	/** In the client's words. */
	readonly reason: string;
}

/** `openssl verify -x509_strict`; files hold the root, and the chain with the leaf first. */
export async function openssl(root: string, chain: string, host: string): Promise<Verdict> {
	const check = isIP(host) === 0 ? '-verify_hostname' : '-verify_ip';
	const {code, stdout, stderr} = await run('openssl', [
		'verify',
		'-x509_strict',
		...['-purpose', 'sslserver', '-CAfile', root, '-untrusted', chain, check, host, chain],
	]);
	return {accepted: code === 0, reason: stdout + stderr};
}

/** GnuTLS. */
export async function certtool(root: string, chain: string, host: string): Promise<Verdict> {
	const {code, stdout, stderr} = await run('certtool', [
		'--verify',
		...['--load-ca-certificate', root, '--infile', chain, '--verify-hostname', host],
		...['--verify-purpose', '1.3.6.1.5.5.7.3.1'],
	]);
	return {accepted: code === 0, reason: stdout + stderr};
}

const script = `
import socket, ssl, sys
root, port, host = sys.argv[1:]
context = ssl.create_default_context(cafile=root)
context.verify_flags |= ssl.VERIFY_X509_STRICT
with socket.create_connection(('127.0.0.1', int(port))) as plain:
    with context.wrap_socket(plain, server_hostname=host) as secure:
        print(secure.version(), secure.recv(5).decode())
`;

/** A handshake by Python's strict context with a server on 127.0.0.1. */
export async function python(root: string, port: number, host: string): Promise<Verdict> {
	const outcome: Outcome = await run('python3', ['-c', script, root, String(port), host]);
	return {
		accepted: outcome.code === 0 && outcome.stdout.includes('hello'),
		reason: outcome.stdout + outcome.stderr,
	};
}

/** A handshake by Node.js itself; returns the open socket. */
export async function handshake(
	port: number,
	ca: string | undefined,
	servername: string,
): Promise<TLSSocket> {
	return new Promise((resolve, reject) => {
		const socket = connect({
			port,
			host: '127.0.0.1',
			...(ca === undefined ? {rejectUnauthorized: false} : {ca}),
			servername,
		});
		socket.once('secureConnect', () => resolve(socket));
		socket.once('error', reject);
	});
}
