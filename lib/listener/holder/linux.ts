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

/** Every TCP socket of this network namespace that some process has open. */
export async function readSockets(): Promise<ProcSocket[]> {
	const tables = await Promise.all(
		['/proc/net/tcp', '/proc/net/tcp6'].map(file => readFile(file, 'latin1').catch(() => '')),
	);
	return tables.flatMap(table => parseProcNetTcp(table));
}

/** `findHolder` on Linux: from the socket's inode in `/proc/net` to the process that has it open. */
export async function findOnLinux(
	port: number,
	address: string | undefined,
	patience: number,
): Promise<Holder | undefined> {
	const socket = standingInTheWay(await readSockets(), port, address)[0];
	if (socket === undefined) {
		return undefined;
	}
	const kind = socket.listening ? 'listening' : 'connection';
	const owners = await ownersOf(new Set([socket.inode]), Date.now() + patience);
	const pid = owners.get(socket.inode);
	const described = pid === undefined ? nobody : describe(await readProcess(pid));
	return {...described, pid, uid: socket.uid, kind};
}

const nobody = {name: undefined, command: undefined, sealport: false};

/**
 * The processes that have sockets open, by the sockets' inodes. In order of age, so that of a process
 * and the children that inherited its socket, it wins.
 *
 * @param deadline when to stop looking, as `Date.now()` counts
 */
export async function ownersOf(
	inodes: ReadonlySet<string>,
	deadline: number,
): Promise<ReadonlyMap<string, number>> {
	const owners = new Map<string, number>();
	const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
	for (const pid of pids.sort((one, other) => one - other)) {
		if (owners.size === inodes.size || Date.now() > deadline) {
			break;
		}
		const folder = `/proc/${pid}/fd`;
		const files = await readdir(folder).catch(() => []);
		const links = await Promise.all(
			files.map(file => readlink(`${folder}/${file}`).catch(() => '')),
		);
		for (const link of links) {
			const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
			if (inode !== undefined && inodes.has(inode) && !owners.has(inode)) {
				owners.set(inode, pid);
			}
		}
	}
	return owners;
}

/** A process' name, which may be empty, and its command line. */
export async function readProcess(
	pid: number,
): Promise<{readonly name: string; readonly argv: readonly string[]}> {
	const [executable, comm, line] = await Promise.all([
		readlink(`/proc/${pid}/exe`).catch(() => ''),
		readFile(`/proc/${pid}/comm`, 'utf8').catch(() => ''),
		readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
	]);
	// The name of the executable first: newer versions of Node.js call themselves MainThread in comm.
	const name = programName(executable.replace(/ \(deleted\)$/, '')) || comm.trim();
	return {name, argv: line === '' ? [] : line.replace(/\0+$/, '').split('\0')};
}

function describe({
	name,
	argv,
}: Awaited<ReturnType<typeof readProcess>>): Pick<Holder, 'name' | 'command' | 'sealport'> {
	return {
		name: name === '' ? undefined : printable(name, 40),
		command: argv.length === 0 ? undefined : commandText(argv),
		sealport: isSealport(argv),
	};
}
