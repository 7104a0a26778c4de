import {once} from 'node:events';
import {type AddressInfo, createServer as createTcpServer} from 'node:net';
import {connect, createServer, type TLSSocket} from 'node:tls';
import type {ExecutionContext} from 'ava';
import {parseName} from '../../../../lib/pki/names.js';
import {openSelfSigned} from '../../../../lib/pki/self-signed.js';
import {tlsSettings} from '../../../../lib/pki/tls-settings.js';
import {temporaryDirectory} from '../../../helpers/temporary-directory.js';

export const protocols = ['TLSv1.2', 'TLSv1.3'] as const;

/** Both ends of a connection that is encrypted as the listener does it. The client does not read yet. */
export async function tlsPair(
	t: ExecutionContext,
	protocol: (typeof protocols)[number],
): Promise<{readonly client: TLSSocket; readonly server: TLSSocket}> {
	const {cert, key} = await openSelfSigned(temporaryDirectory(t), [parseName('localhost')]);
	const secure = createServer({...tlsSettings, cert, key});
	const plain = createTcpServer(socket => secure.emit('connection', socket));
	plain.listen(0, '127.0.0.1');
	t.teardown(() => plain.close());
	await once(plain, 'listening');
	const accepted = once(secure, 'secureConnection');
	const client = connect({
		host: '127.0.0.1',
		port: (plain.address() as AddressInfo).port,
		servername: 'localhost',
		ca: cert,
		minVersion: protocol,
		maxVersion: protocol,
	});
	const [[server]] = (await Promise.all([accepted, once(client, 'secureConnect')])) as [
		[TLSSocket],
		unknown,
	];
	t.is(server.getProtocol(), protocol);
	for (const socket of [client, server]) {
		socket.on('error', () => undefined);
		t.teardown(() => socket.destroy());
	}
	return {client, server};
}

/** Reads on until so many octets have come. */
export async function readOctets(client: TLSSocket, count: number): Promise<Buffer> {
	const parts: Buffer[] = [];
	let length = 0;
	while (length < count) {
		const part: Buffer | null = client.read();
		if (part === null) {
			await once(client, 'readable');
		} else {
			parts.push(part);
			length += part.length;
		}
	}
	return Buffer.concat(parts);
}
