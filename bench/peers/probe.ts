import {connect, type TLSSocket} from 'node:tls';

/** What the clients of the bench offer: the same cipher and group for all, so that no peer has less to do. */
export const offered = {ciphers: 'TLS_AES_128_GCM_SHA256', ecdhCurve: 'X25519'} as const;

/** One answer, and what was agreed on for the connection that it came over. */
export interface Answer {
	readonly status: number;
	readonly agreed: string;
}

const describe = (socket: TLSSocket): string => {
	const {name} = socket.getCipher();
	const group = socket.getEphemeralKeyInfo() as {name?: string} | null;
	const bits = socket.getPeerX509Certificate()?.publicKey.asymmetricKeyDetails;
	return [
		socket.getProtocol(),
		name,
		group?.name ?? '?',
		bits?.namedCurve ?? `RSA ${bits?.modulusLength}`,
		socket.alpnProtocol || 'no ALPN',
	].join(' ');
};

/**
 * One request over a connection of its own.
 *
 * @param alpn what the client asks for
 * @throws Error when there is no connection, or it closes without an answer
 */
export function get(
	{port, host}: {port: number; host: string},
	alpn: readonly string[] = ['http/1.1'],
): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const socket = connect({
			...offered,
			port,
			host: '127.0.0.1',
			servername: host,
			rejectUnauthorized: false,
			minVersion: 'TLSv1.3',
			ALPNProtocols: [...alpn],
		});
		socket.setTimeout(5000, () => socket.destroy(new Error('no answer')));
		socket.on('error', reject);
		socket.on('close', () => reject(new Error('closed without an answer')));
		socket.on('secureConnect', () => {
			if (socket.alpnProtocol === 'h2') {
				resolve({status: 200, agreed: describe(socket)});
				socket.destroy();
				return;
			}
			socket.write(`GET /small HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
		});
		socket.once('data', data => {
			const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(data.toString('latin1'))?.[1] ?? 0);
			resolve({status, agreed: describe(socket)});
			socket.destroy();
		});
	});
}
