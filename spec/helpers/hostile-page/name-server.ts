import {createSocket, type Socket} from 'node:dgram';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {OwnMachine} from '../own-machine.js';
import {temporaryDirectory} from '../temporary-directory.js';

/** A name server that says something else whenever its owner likes. */
export interface NameServer {
	/** The IPv4 addresses that every name has from now on. */
	addresses: readonly string[];
}

/** Makes a machine ask a name server of its own for all names. Only root may. */
export async function ownNameServer(
	t: ExecutionContext,
	machine: OwnMachine,
	addresses: readonly string[],
): Promise<NameServer> {
	const names: NameServer = {addresses};
	const [socket, host] = await bindSomewhere();
	t.teardown(() => socket.close());
	socket.on('message', (question, {address: to, port}) => {
		socket.send(answerTo(question, names.addresses), port, to);
	});
	const file = join(temporaryDirectory(t), 'resolv.conf');
	writeFileSync(file, `nameserver ${host}\n`);
	const {code, stderr} = await machine.run('mount', ['--bind', file, '/etc/resolv.conf']);
	if (code !== 0) {
		throw new Error(stderr);
	}
	return names;
}

/** The port is fixed, so that addresses of loopback are tried. */
async function bindSomewhere(): Promise<[Socket, string]> {
	for (;;) {
		const part = () => 1 + Math.floor(Math.random() * 250);
		const host = `127.${part()}.${part()}.${part()}`;
		const socket = createSocket('udp4');
		try {
			socket.bind(53, host);
			await once(socket, 'listening');
			return [socket, host];
		} catch {
			socket.close();
		}
	}
}

/** Answers a question (RFC 1035 section 4) for addresses, which are not to be remembered. */
function answerTo(question: Buffer, addresses: readonly string[]): Buffer {
	const end = question.indexOf(0, 12) + 5;
	const asked = question.subarray(12, end);
	const isForAddress = asked.readUInt16BE(asked.length - 4) === 1;
	const records = (isForAddress ? addresses : []).map(address =>
		Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
	);
	const head = Buffer.from([0, 0, 0x81, 0x80, 0, 1, 0, records.length, 0, 0, 0, 0]);
	question.copy(head, 0, 0, 2);
	return Buffer.concat([head, asked, ...records]);
}
