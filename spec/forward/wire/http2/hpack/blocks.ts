import type {ExecutionContext} from 'ava';
import type {Http2Field} from '../../../../../lib/forward/wire/http2/field.js';
import {ConnectionError, errorCode} from '../../../../../lib/forward/wire/http2/framing/errors.js';
import {HpackDecoder} from '../../../../../lib/forward/wire/http2/hpack/decoder.js';

/** Decodes a block that is given in hexadecimal; blanks in it are for people. */
export function fieldsOf(hex: string, decoder = new HpackDecoder()): Http2Field[] {
	const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
	const fields: Http2Field[] = [];
	decoder.decode(bytes, 0, bytes.length, fields, 2 ** 20, 1000);
	return fields;
}

/** The fields of a block as `name: value`. */
export function decode(hex: string, decoder?: HpackDecoder): string[] {
	return fieldsOf(hex, decoder).map(({name, value}) => `${name}: ${value}`);
}

/** What lies in the table, as a peer sees it: by reference, until one has no entry. */
export function tableOf(decoder: HpackDecoder): string[] {
	const entries: string[] = [];
	for (let index = 62; ; index++) {
		try {
			entries.push(...decode(indexed(index), decoder));
		} catch {
			return entries;
		}
	}
}

/** An indexed field; from 127 on the index goes on behind its prefix, in two octets up to 16,510. */
function indexed(index: number): string {
	const rest = index - 0x7f;
	const octets = rest < 0 ? [0x80 | index] : [0xff, 0x80 | (rest & 0x7f), rest >> 7];
	return Buffer.from(octets).toString('hex');
}

/** Holds that a block ends the connection as RFC 7541 has it. */
export function refuses(t: ExecutionContext, hex: string, decoder?: HpackDecoder): void {
	const error = t.throws(() => decode(hex, decoder), {instanceOf: ConnectionError}, hex);
	t.is(error?.code, errorCode.compressionError);
}
