import {isIPv4} from 'node:net';
import {endianness} from 'node:os';

/** One end of a connection. */
export interface End {
	/** Four bytes, or sixteen of an address that is no IPv4 address in disguise. */
	readonly address: Buffer;
	readonly port: number;
}

/** An address as bytes; of an IPv4 address in its IPv6 form the four that matter. */
export function bytesOf(address: string): Buffer {
	if (isIPv4(address)) {
		return Buffer.from(address.split('.').map(Number));
	}
	const [plain = ''] = address.split('%');
	const [before = '', after] = plain.split('::');
	const head = groups(before);
	const tail = groups(after ?? '');
	const bytes = Buffer.concat([head, Buffer.alloc(16 - head.length - tail.length), tail]);
	return bytes.subarray(0, 12).equals(mapped) ? bytes.subarray(12) : bytes;
}

const mapped = Buffer.from('00000000000000000000ffff', 'hex');

function groups(text: string): Buffer {
	if (text === '') {
		return Buffer.alloc(0);
	}
	const each = text.split(':');
	const last = each.at(-1) ?? '';
	const dotted = isIPv4(last) ? Buffer.from(last.split('.').map(Number)) : undefined;
	const hex = dotted === undefined ? each : each.slice(0, -1);
	const bytes = Buffer.from(hex.map(group => group.padStart(4, '0')).join(''), 'hex');
	return dotted === undefined ? bytes : Buffer.concat([bytes, dotted]);
}

/**
 * How the kernel prints a connection in `/proc/net/tcp` and `tcp6` (proc_net_tcp in its documentation):
 * every spelling that may stand there, since a program may reach an IPv4 address by an IPv6 socket.
 *
 * @param order byte order of the machine, in which the kernel prints addresses
 */
export function printedAs(
	local: End,
	remote: End,
	order: 'LE' | 'BE' = endianness(),
): {readonly tcp: string | undefined; readonly tcp6: string} {
	const print = ({address, port}: End, inFull: boolean) => {
		const bytes = Buffer.concat([
			inFull && address.length === 4 ? mapped : Buffer.alloc(0),
			address,
		]);
		if (order === 'LE') {
			bytes.swap32();
		}
		return `${bytes.toString('hex')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
	};
	const pair = (inFull: boolean) => ` ${print(local, inFull)} ${print(remote, inFull)} `;
	return {tcp: local.address.length === 4 ? pair(false) : undefined, tcp6: pair(true)};
}
