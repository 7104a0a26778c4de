import {isIPv6} from 'node:net';
import {networkInterfaces} from 'node:os';
import {systemCode, UserError} from '../errors.js';
import {printable} from '../printable.js';
import type {Holder} from './holder/holder.js';
import {describeHolder, findHolder} from './holder.js';
import {inside, outgoingPorts, type PortRange} from './outgoing-ports.js';

/** What is known when listening has failed. */
export interface ListenFailure {
	readonly port: number;
	/** The address, or a name for it, that was to be listened on. */
	readonly address: string;
	/** What `server.listen` reported. */
	readonly cause: unknown;
	readonly holder: Holder | undefined;
	/** Ports that the system takes for outgoing connections. */
	readonly outgoing: PortRange;
	readonly platform: NodeJS.Platform;
}

/**
 * Makes the error for a port that could not be listened on, and looks for who holds it. May take a
 * few seconds on macOS and Windows; never throws.
 *
 * @param cause what `server.listen` reported: `EADDRINUSE` becomes `port-taken`, `EACCES`
 *   `port-forbidden`, `EADDRNOTAVAIL` and anything else `address-unavailable`
 */
export async function portTaken(port: number, address: string, cause: unknown): Promise<UserError> {
	const code = systemCode(cause);
	const {platform} = process;
	// Windows answers EACCES, too, when the other program asked for exclusive use of the port.
	const search = code === 'EADDRINUSE' || (code === 'EACCES' && platform === 'win32');
	const [holder, outgoing] = await Promise.all([
		search ? findHolder(port, address) : undefined,
		outgoingPorts(),
	]);
	return explainListenFailure({port, address, cause, holder, outgoing, platform});
}

/** The error for a failure to listen: the part of `portTaken` that asks nobody. */
export function explainListenFailure(failure: ListenFailure): UserError {
	const {cause, holder} = failure;
	const code = systemCode(cause);
	if (code === 'EADDRINUSE' || holder !== undefined) {
		const [why, hint] = taken(failure);
		return new UserError('port-taken', `${what(failure)}: held by ${why}`, {hint, cause});
	}
	if (code === 'EACCES') {
		const [why, hint] = forbidden(failure);
		return new UserError('port-forbidden', `${what(failure)}: ${why}`, {hint, cause});
	}
	const why =
		code === 'EADDRNOTAVAIL'
			? 'this machine does not have that address'
			: printable(cause instanceof Error ? cause.message : String(cause));
	const hint = `pass --host with an address of this machine: ${ownAddresses().join(', ')}`;
	return new UserError('address-unavailable', `${what(failure)}: ${why}`, {hint, cause});
}

function what({address, port}: ListenFailure): string {
	const host = printable(address);
	return `cannot listen on ${isIPv6(address) ? `[${host}]` : host}:${port}`;
}

function taken({port, holder, outgoing, platform}: ListenFailure): [why: string, hint: string] {
	const why = describeHolder(holder);
	if (holder === undefined) {
		return [
			why,
			`pass --port 0 to take a free port; ${search(port, platform)} may name the program`,
		];
	}
	if (holder.kind === 'connection') {
		const range = `${outgoing.first}-${outgoing.last}`;
		return inside(outgoing, port)
			? [
					`${why}: port ${port} lies in the range the system takes for outgoing connections (${range})`,
					`try again, or pick another port with --port, best one outside ${range}`,
				]
			: [why, 'try again when it has ended, or pass --port 0 to take a free port'];
	}
	if (holder.sealport && holder.pid !== process.pid) {
		const stop = platform === 'win32' ? `taskkill /PID ${holder.pid}` : `kill ${holder.pid}`;
		return [
			why,
			`it may already serve what you need; stop it with \`${stop}\`, or pass --port 0 to take a free port`,
		];
	}
	return [why, 'stop it, or pass --port 0 to take a free port'];
}

function search(port: number, platform: NodeJS.Platform): string {
	switch (platform) {
		case 'win32':
			return '`netstat -abno`, run as administrator,';
		case 'linux':
			return `\`sudo ss -ltnp sport = :${port}\``;
		default:
			return `\`sudo lsof -nP -iTCP:${port}\``;
	}
}

function forbidden({port, platform}: ListenFailure): [why: string, hint: string] {
	if (platform === 'win32') {
		return [
			'Windows forbids it',
			'it keeps some ranges for itself, shown by `netsh interface ipv4 show excludedportrange protocol=tcp`: pass --port with a port outside them',
		];
	}
	if (port >= 1024) {
		return ['the system forbids it', 'pass another port with --port, or --port 0 for a free one'];
	}
	const allow =
		platform === 'linux'
			? `run \`sudo sysctl net.ipv4.ip_unprivileged_port_start=${port}\`, or `
			: '';
	return ['ports below 1024 are for root', `${allow}pass --port with a port from 1024 on`];
}

function ownAddresses(): string[] {
	const all = Object.values(networkInterfaces()).flatMap(list => list ?? []);
	// Link-local addresses need a zone, and temporary ones come and go: none is worth proposing.
	const usable = all.filter(({address}) => !/^fe80:/i.test(address));
	return usable.slice(0, 6).map(({address}) => address);
}
