import {at} from './octets.js';

/** The fields that mean something to a proxy. */
export const known = {
	other: 0,
	connection: 1,
	keepAlive: 2,
	proxyConnection: 3,
	te: 4,
	transferEncoding: 5,
	upgrade: 6,
	http2Settings: 7,
	host: 8,
	contentLength: 9,
	trailer: 10,
	forwardedFor: 11,
	forwardedProto: 12,
	forwardedHost: 13,
	forwardedPort: 14,
	clientName: 15,
	clientCertificate: 16,
	clientChain: 17,
} as const;

export type KnownName = (typeof known)[keyof typeof known];

const names: ReadonlyArray<readonly [string, KnownName]> = [
	['connection', known.connection],
	['keep-alive', known.keepAlive],
	['proxy-connection', known.proxyConnection],
	['te', known.te],
	['transfer-encoding', known.transferEncoding],
	['upgrade', known.upgrade],
	['http2-settings', known.http2Settings],
	['host', known.host],
	['content-length', known.contentLength],
	['trailer', known.trailer],
	['x-forwarded-for', known.forwardedFor],
	['x-forwarded-proto', known.forwardedProto],
	['x-forwarded-host', known.forwardedHost],
	['x-forwarded-port', known.forwardedPort],
	['sealport-client', known.clientName],
	['client-cert', known.clientCertificate],
	['client-cert-chain', known.clientChain],
];

/**
 * Fields by which a backend knows who the client is. CGI, WSGI, PHP and others take whatever is no letter and
 * no digit for the same character, so that `sealport_client` would be read as `sealport-client`.
 */
const trusted = new Set<KnownName>([known.clientName, known.clientCertificate, known.clientChain]);

interface Candidate {
	/** Lower case; 0 for what may be any octet but a letter or a digit. */
	readonly octets: Buffer;
	readonly known: KnownName;
}

const byLength: readonly Candidate[][] = Array.from({length: 32}, (_, length) =>
	names
		.filter(([name]) => name.length === length)
		.map(([name, id]) => ({octets: octetsOf(name, id), known: id})),
);

function octetsOf(name: string, id: KnownName): Buffer {
	return Buffer.from(trusted.has(id) ? name.replaceAll('-', '\0') : name);
}

const lengths = new Set(names.filter(([, id]) => trusted.has(id)).map(([{length}]) => length));

const none: readonly Candidate[] = [];

/** Which known field a name is, in whatever casing. */
export function knownName(bytes: Buffer, start: number, end: number): KnownName {
	for (const candidate of byLength[end - start] ?? none) {
		if (isSame(bytes, start, candidate.octets)) {
			return candidate.known;
		}
	}
	return known.other;
}

/** A bit that makes letters lower case leaves digits and hyphens as they are. */
function isSame(bytes: Buffer, start: number, name: Buffer): boolean {
	for (let index = 0; index < name.length; index++) {
		const wanted = at(name, index);
		const octet = at(bytes, start + index) | 0x20;
		if (wanted === 0 ? isAlphanumeric(octet) : octet !== wanted) {
			return false;
		}
	}
	return true;
}

/** @param octet lower case, where it is a letter */
function isAlphanumeric(octet: number): boolean {
	return (octet >= 0x30 && octet <= 0x39) || (octet >= 0x61 && octet <= 0x7a);
}

/** Whether a name in lower case is that of a field by which a backend knows who the client is. */
export function tellsOfClient(name: string): boolean {
	return (
		lengths.has(name.length) && trusted.has(knownName(Buffer.from(name, 'latin1'), 0, name.length))
	);
}
