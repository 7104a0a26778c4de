/**
 * Header fields in the order and casing in which they came: name, value, name, value. It is the form
 * of Node's `rawHeaders`, and the only one that loses nothing.
 */
export type RawHeaders = readonly string[];

/** Fields that belong to one connection and never to the next (RFC 9110 section 7.6.1). */
const connectionLevel = new Set([
	'connection',
	'keep-alive',
	'proxy-connection',
	'te',
	'transfer-encoding',
	'upgrade',
	'http2-settings',
]);

/** A Connection header may not take these away: they say where a message goes and where it ends. */
const never = new Set(['host', 'content-length', 'trailer']);

const forwarded = new Set([
	'x-forwarded-for',
	'x-forwarded-proto',
	'x-forwarded-host',
	'x-forwarded-port',
]);

/** Every value of a field, in order. `name` is lower case. */
export function valuesOf(headers: RawHeaders, name: string): string[] {
	const values: string[] = [];
	for (let index = 0; index < headers.length; index += 2) {
		if (headers[index]?.toLowerCase() === name) {
			values.push(headers[index + 1] ?? '');
		}
	}
	return values;
}

/** The members of a comma-separated list field, lower case (RFC 9110 section 5.6.1). */
export function listOf(headers: RawHeaders, name: string): string[] {
	return valuesOf(headers, name)
		.flatMap(value => value.split(','))
		.map(member => member.trim().toLowerCase())
		.filter(member => member !== '');
}

/** Keeps the fields for which `keep` holds. It is given the name in lower case, and the value. */
export function filterHeaders(
	headers: RawHeaders,
	keep: (name: string, value: string) => boolean,
): string[] {
	const kept: string[] = [];
	for (let index = 0; index < headers.length; index += 2) {
		const name = headers[index] ?? '';
		const value = headers[index + 1] ?? '';
		if (keep(name.toLowerCase(), value)) {
			kept.push(name, value);
		}
	}
	return kept;
}

/**
 * Leaves out what belongs to the connection that a message came over: the fields of RFC 9110 section
 * 7.6.1 and those that its Connection header names.
 *
 * @param upgrading keeps Upgrade, for a message that switches protocols, and Connection as far as it
 * says so: any other member would make the next hop drop what has been added here
 */
export function endToEnd(headers: RawHeaders, upgrading = false): string[] {
	const named = new Set(listOf(headers, 'connection'));
	const plain = [...named].every(member => member === 'upgrade' || member === 'keep-alive');
	const kept = filterHeaders(headers, name => {
		if (name === 'connection') {
			return upgrading && plain;
		}
		if (name === 'upgrade') {
			return upgrading;
		}
		return !connectionLevel.has(name) && (!named.has(name) || never.has(name));
	});
	return upgrading && !plain ? [...kept, 'Connection', 'Upgrade'] : kept;
}

/**
 * Trailer fields of a request for the backend: without those that belong to the connection, decide where
 * a message goes or ends, or are set by Sealport (RFC 9110 section 6.5.1), since a backend may merge
 * trailers into the headers.
 */
export function trailersToForward(trailers: RawHeaders): string[] {
	return filterHeaders(endToEnd(trailers), name => !never.has(name) && !forwarded.has(name));
}

/** What Sealport tells the backend about the client's side. */
export interface ForwardedFor {
	/** The client's address. */
	readonly address: string;
	/** The Host as the client wrote it. */
	readonly host: string;
	/** The port in that Host; 443 when it names none. */
	readonly port: number;
}

/** Sets `X-Forwarded-For`, `-Proto`, `-Host` and `-Port`, in place of what the client sent. */
export function withForwarded(headers: RawHeaders, client: ForwardedFor): string[] {
	const kept = filterHeaders(headers, name => !forwarded.has(name));
	kept.push('X-Forwarded-For', client.address.replace(/^::ffff:(?=\d+\.)/, ''));
	kept.push('X-Forwarded-Proto', 'https');
	kept.push('X-Forwarded-Host', client.host);
	kept.push('X-Forwarded-Port', String(client.port));
	return kept;
}
