import {X509Certificate} from 'node:crypto';
import {connect} from 'node:net';

/** What a server says to the first message of a client. */
export interface Reply {
	/** The description of the alert (RFC 5246 section 7.2), when there was one. */
	readonly alert: number | undefined;
	/** The leaf that was served, when one was. */
	readonly leaf: X509Certificate | undefined;
}

const u16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const counted = (content: Buffer) => Buffer.concat([u16(content.length), content]);
const extension = (type: number, content: Buffer) => Buffer.concat([u16(type), counted(content)]);

/** The content of the extension `server_name` (RFC 6066 section 3) with one name, whatever it is. */
export function serverName(name: Buffer, type = 0): Buffer {
	return counted(Buffer.concat([Buffer.from([type]), counted(name)]));
}

/**
 * The first message of a TLS 1.2 client (RFC 5246 section 7.4.1.2), in records. The server answers it with
 * its certificate in the clear.
 *
 * @param names the content of the extension `server_name`, which is left out without it
 */
function clientHello(names: Buffer | undefined): Buffer {
	const extensions = Buffer.concat([
		...(names === undefined ? [] : [extension(0, names)]),
		// The groups X25519 and P-256; points uncompressed; ECDSA with P-256 and SHA-256.
		extension(10, counted(Buffer.from('001d0017', 'hex'))),
		extension(11, Buffer.from('0100', 'hex')),
		extension(13, counted(Buffer.from('0403', 'hex'))),
	]);
	const body = Buffer.concat([
		...[u16(0x0303), Buffer.alloc(32, 7), Buffer.from([0])],
		// TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, without compression.
		...[counted(u16(0xc02b)), Buffer.from('0100', 'hex'), counted(extensions)],
	]);
	const message = Buffer.concat([Buffer.from([1, body.length >> 16]), u16(body.length), body]);
	const records: Buffer[] = [];
	for (let start = 0; start < message.length; start += 16_384) {
		const part = message.subarray(start, start + 16_384);
		records.push(Buffer.concat([Buffer.from('160301', 'hex'), counted(part)]));
	}
	return Buffer.concat(records);
}

/**
 * Begins a handshake with a server on 127.0.0.1, and leaves when it knows what the server makes of it.
 *
 * @param names see `serverName`; no such extension when left out
 */
export function greet(port: number, names?: Buffer): Promise<Reply> {
	return new Promise((resolve, reject) => {
		let received = Buffer.alloc(0);
		const socket = connect(port, '127.0.0.1');
		socket.on('error', reject);
		socket.on('close', () => reject(new Error(`closed after ${received.length} bytes`)));
		socket.on('data', chunk => {
			received = Buffer.concat([received, chunk]);
			const reply = readReply(received);
			if (reply !== undefined) {
				resolve(reply);
				socket.destroy();
			}
		});
		socket.write(clientHello(names));
	});
}

/** Finds an alert, or the leaf in the message `Certificate`; `undefined` while neither is there. */
function readReply(bytes: Buffer): Reply | undefined {
	let messages = Buffer.alloc(0);
	for (let at = 0; at + 5 <= bytes.length; ) {
		const content = bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3));
		if (bytes[at] === 21 && content.length === 2) {
			return {alert: content[1], leaf: undefined};
		}
		messages = Buffer.concat([messages, content]);
		at += 5 + bytes.readUInt16BE(at + 3);
	}
	for (let at = 0; at + 4 <= messages.length; ) {
		const end = at + 4 + messages.readUIntBE(at + 1, 3);
		if (messages[at] === 11 && end <= messages.length) {
			const length = messages.readUIntBE(at + 7, 3);
			const leaf = new X509Certificate(messages.subarray(at + 10, at + 10 + length));
			return {alert: undefined, leaf};
		}
		at = end;
	}
	return undefined;
}
