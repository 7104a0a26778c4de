import {type Field, valueText} from './fields.js';
import {known} from './known-names.js';
import {Malformed, tab} from './octets.js';

/** How a body is framed: by a number of octets, by chunks, or not told by the head. */
export type Framing = number | 'chunked' | 'none';

/**
 * How the head of a message says that its body is framed (RFC 9112 section 6). Whatever a recipient may
 * refuse is refused: both kinds of framing, more than one length, even the same one, any coding but one
 * `chunked`, and codings in HTTP/1.0.
 *
 * @param minor of the HTTP version
 * @throws Malformed
 */
export function framingOf(bytes: Buffer, fields: readonly Field[], minor: number): Framing {
	let framing: Framing = 'none';
	for (const field of fields) {
		if (field.known === known.contentLength) {
			refuseTabs(bytes, field);
			const text = valueText(bytes, field);
			const length = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
			if (!Number.isSafeInteger(length)) {
				throw new Malformed('its Content-Length is not a whole number');
			}
			framing = once(framing, length);
		} else if (field.known === known.transferEncoding) {
			refuseTabs(bytes, field);
			if (minor === 0) {
				throw new Malformed('HTTP/1.0 has no Transfer-Encoding');
			}
			if (valueText(bytes, field).toLowerCase() !== 'chunked') {
				throw new Malformed('it has a transfer coding other than chunked');
			}
			framing = once(framing, 'chunked');
		}
	}
	return framing;
}

/**
 * Tabs around a value mean nothing (RFC 9110 section 5.6.3), but there are recipients, Node among them, that
 * take one for part of it: they would not see the framing that is seen here.
 */
function refuseTabs(bytes: Buffer, {nameEnd, end}: Field): void {
	if (bytes.subarray(nameEnd, end).includes(tab)) {
		throw new Malformed('a tab is in the line that says how its body is framed');
	}
}

function once(before: Framing, framing: Framing): Framing {
	if (before !== 'none') {
		throw new Malformed('it says twice how its body is framed');
	}
	return framing;
}
