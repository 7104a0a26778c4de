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
];

interface Candidate {
	readonly octets: Buffer;
	readonly known: KnownName;
}

const byLength: readonly Candidate[][] = Array.from({length: 32}, (_, length) =>
	names
		.filter(([name]) => name.length === length)
		.map(([name, id]) => ({octets: Buffer.from(name), known: id})),
);

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

/** @param name lower case; a bit that makes letters lower case leaves digits and hyphens as they are */
function isSame(bytes: Buffer, start: number, name: Buffer): boolean {
	for (let index = 0; index < name.length; index++) {
		if ((at(bytes, start + index) | 0x20) !== at(name, index)) {
			return false;
		}
	}
	return true;
}
