import {readdir, readFile, readlink} from 'node:fs/promises';
import {endianness} from 'node:os';
import {printable} from '../../printable.js';
import {commandText, isSealport, programName} from './command.js';
import type {Holder} from './holder.js';
import {canonical, type HeldSocket, standingInTheWay} from './socket.js';

/** One line of `/proc/net/tcp` or `/proc/net/tcp6`. */
export interface ProcSocket extends HeldSocket {
	readonly uid: number;
	/** Identifies the socket among the open files of processes. */
	readonly inode: string;
}

/**
 * Reads `/proc/net/tcp` or `/proc/net/tcp6` (proc_net_tcp in the kernel's documentation). Sockets
 * that no process has any more, such as those in TIME_WAIT, are left out.
 *
 * @param order byte order of the machine, which is how the kernel prints addresses
 */
export function parseProcNetTcp(text: string, order: 'LE' | 'BE' = endianness()): ProcSocket[] {
	const sockets: ProcSocket[] = [];
	for (const line of text.split('\n').slice(1)) {
		const fields = line.trim().split(/\s+/);
		const [address, port] = (fields[1] ?? '').split(':');
		const inode = fields[9];
		if (address === undefined || port === undefined || inode === undefined || inode === '0') {
			continue;
		}
		sockets.push({
			address: hexAddress(address, order),
			port: Number.parseInt(port, 16),
			listening: fields[3] === '0A',
			uid: Number(fields[7]),
			inode,
		});
	}
	return sockets;
}

function hexAddress(hex: string, order: 'LE' | 'BE'): string {
	const bytes = Buffer.from(hex, 'hex');
	if (order === 'LE') {
		bytes.swap32();
	}
	if (bytes.length === 4) {
		return bytes.join('.');
	}
	return canonical(bytes.toString('hex').replace(/(.{4})(?!$)/g, '$1:'));
}

/** `findHolder` on Linux: from the socket's inode in `/proc/net` to the process that has it open. */
export async function findOnLinux(
	port: number,
	address: string | undefined,
	patience: number,
): Promise<Holder | undefined> {
	const tables = await Promise.all(
		['/proc/net/tcp', '/proc/net/tcp6'].map(file => readFile(file, 'latin1').catch(() => '')),
	);
	const sockets = tables.flatMap(table => parseProcNetTcp(table));
	const socket = standingInTheWay(sockets, port, address)[0];
	if (socket === undefined) {
		return undefined;
	}
	const kind = socket.listening ? 'listening' : 'connection';
	const pid = await ownerOf(socket.inode, Date.now() + patience);
	const described = pid === undefined ? nobody : await describe(pid);
	return {...described, pid, uid: socket.uid, kind};
}

const nobody = {name: undefined, command: undefined, sealport: false};

/** In order of age, so that of a process and the children that inherited its socket, it wins. */
async function ownerOf(inode: string, deadline: number): Promise<number | undefined> {
	const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
	const link = `socket:[${inode}]`;
	for (const pid of pids.sort((one, other) => one - other)) {
		if (Date.now() > deadline) {
			return undefined;
		}
		const folder = `/proc/${pid}/fd`;
		const files = await readdir(folder).catch(() => []);
		const links = await Promise.all(
			files.map(file => readlink(`${folder}/${file}`).catch(() => '')),
		);
		if (links.includes(link)) {
			return pid;
		}
	}
	return undefined;
}

async function describe(pid: number): Promise<Pick<Holder, 'name' | 'command' | 'sealport'>> {
	const [executable, comm, line] = await Promise.all([
		readlink(`/proc/${pid}/exe`).catch(() => ''),
		readFile(`/proc/${pid}/comm`, 'utf8').catch(() => ''),
		readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
	]);
	// The name of the executable first: newer versions of Node.js call themselves MainThread in comm.
	const name = programName(executable.replace(/ \(deleted\)$/, '')) || comm.trim();
	const argv = line.replace(/\0+$/, '').split('\0');
	return {
		name: name === '' ? undefined : printable(name, 40),
		command: line === '' ? undefined : commandText(argv),
		sealport: isSealport(argv),
	};
}
