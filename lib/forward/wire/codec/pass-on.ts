import type {PassTrailers} from './chunked.js';
import type {Field} from './fields.js';
import {type KnownName, known} from './known-names.js';
import {latin1, Malformed} from './octets.js';

/** Fields that belong to one connection and never to the next (RFC 9110 section 7.6.1). */
const connectionLevel = new Set<KnownName>([
	known.connection,
	known.keepAlive,
	known.proxyConnection,
	known.te,
	known.upgrade,
	known.http2Settings,
]);

/** They say where a message goes and where it ends: no Connection field takes them away. */
export const structural: ReadonlySet<KnownName> = new Set<KnownName>([
	known.host,
	known.contentLength,
	known.trailer,
	known.transferEncoding,
]);

const framing = new Set<KnownName>([known.contentLength, known.transferEncoding]);

/** What a proxy says of the client: never what the client says itself. */
export const forwarded = new Set<KnownName>([
	known.clientName,
	known.clientCertificate,
	known.clientChain,
	known.forwardedFor,
	known.forwardedProto,
	known.forwardedHost,
	known.forwardedPort,
]);

/** The lines of a head that are not dropped: as they came, in their order. */
export function linesWithout(
	bytes: Buffer,
	fields: readonly Field[],
	drops: (field: Field) => boolean,
): string {
	let text = '';
	let from = fields[0]?.start ?? 0;
	for (const field of fields) {
		if (drops(field)) {
			text += latin1(bytes, from, field.start);
			from = field.end;
		}
	}
	return text + latin1(bytes, from, fields.at(-1)?.end ?? from);
}

/**
 * Says of each field of a message whether it ends with the connection that it came over. Framing is not
 * decided here: Transfer-Encoding stays.
 *
 * @param connection members of the message's Connection, lower case
 * @param upgrading Upgrade stays, for a message that switches protocols
 */
export function isConnectionLevel(
	bytes: Buffer,
	connection: readonly string[],
	upgrading = false,
): (field: Field) => boolean {
	const named = connection.filter(member => !['close', 'keep-alive', 'upgrade'].includes(member));
	return field => {
		if (field.known === known.upgrade) {
			return !upgrading;
		}
		if (connectionLevel.has(field.known)) {
			return true;
		}
		return (
			named.length > 0 &&
			!structural.has(field.known) &&
			named.includes(latin1(bytes, field.start, field.nameEnd).toLowerCase())
		);
	};
}

/** Trailer fields that may go to a client. */
export const responseTrailers: PassTrailers = (bytes, fields) =>
	linesWithout(
		bytes,
		fields,
		field => connectionLevel.has(field.known) || structural.has(field.known),
	);

/**
 * Trailer fields that may go to a backend: none that says where a message goes, or that is set here,
 * since a backend may merge trailers into the headers (RFC 9110 section 6.5.1).
 *
 * @throws Malformed for those that would say where the message ends
 */
export const requestTrailers: PassTrailers = (bytes, fields) => {
	if (fields.some(field => framing.has(field.known))) {
		throw new Malformed('its trailers say how its body is framed');
	}
	return linesWithout(
		bytes,
		fields,
		field =>
			connectionLevel.has(field.known) || structural.has(field.known) || forwarded.has(field.known),
	);
};
