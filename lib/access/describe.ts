import type {Client, Peer} from '../forward/seams.js';
import {printable} from '../printable.js';

/** How many processes of one connection are told of. */
const most = 3;

/**
 * Who a client is, as far as that is known, printable: `bob, /usr/bin/curl (pid 4121)`, or its address.
 * Where it was to be found out and could not be, the reason follows.
 */
export function describeClient({address, peers, certificate}: Client): string {
	const name =
		certificate === undefined || certificate instanceof Error
			? []
			: [`"${printable(certificate.name, 64)}"`];
	const isKnown = peers !== undefined && !(peers instanceof Error);
	const processes = isKnown ? peers.holders.slice(0, most).map(describePeer) : [];
	const more =
		isKnown && peers.holders.length > most ? [`${peers.holders.length - most} more`] : [];
	const unknown = peers instanceof Error ? ` (not known: ${printable(peers.message)})` : '';
	const who = processes.length === 0 ? [`${address}${unknown}`] : [...processes, ...more];
	return [...name, who.join(' and ')].join(', ');
}

function describePeer({user, executable, pid}: Peer): string {
	const whose = user === '' ? 'an unknown user' : printable(user, 64);
	const program = executable === undefined ? 'an unknown program' : printable(executable, 100);
	return `${whose}, ${program}${pid > 0 ? ` (pid ${pid})` : ''}`;
}
