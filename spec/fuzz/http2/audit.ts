import type {Http2Field} from '../../../lib/forward/wire/http2/field.js';
import {HpackDecoder} from '../../../lib/forward/wire/http2/hpack/decoder.js';
import {errorCodes, flags, frameTypes, settingIds} from '../../helpers/http2/names.js';
import {type Cut, content, cut} from './cut.js';

/** What Sealport has said on one stream. */
export interface Said {
	/** Field sections, without those of status 1xx. */
	sections: number;
	octets: number;
	ended: boolean;
	reset: boolean;
}

/** What Sealport has said on a connection. */
export interface Audit {
	readonly streams: ReadonlyMap<number, Said>;
	/** The codes of its GOAWAYs. */
	readonly goaways: readonly number[];
}

function hold(holds: boolean, what: string): void {
	if (!holds) {
		throw new Error(`what Sealport says does not hold: ${what}`);
	}
}

const lengths = new Map<number, (length: number) => boolean>([
	[frameTypes.RST_STREAM, length => length === 4],
	[frameTypes.SETTINGS, length => length % 6 === 0],
	[frameTypes.PING, length => length === 8],
	[frameTypes.GOAWAY, length => length >= 8],
	[frameTypes.WINDOW_UPDATE, length => length === 4],
	[frameTypes.DATA, () => true],
	[frameTypes.HEADERS, () => true],
	[frameTypes.CONTINUATION, () => true],
]);

/**
 * Reads what Sealport has sent on a connection, and checks that it is HTTP/2.
 *
 * @param sent without a preface
 * @param heard frames that it has been sent
 * @param isServer whether Sealport is the server there
 * @throws Error for whatever an endpoint may not send
 */
export function audit(sent: Buffer, heard: readonly Cut[], isServer: boolean): Audit {
	const {frames, rest} = cut(sent, 0);
	hold(rest.length === 0, 'the last frame is not whole');
	const streams = new Map<number, Said>();
	const goaways: number[] = [];
	// `fuzzBlocks` compares it with nghttp2.
	const decoder = new HpackDecoder();
	let lastGoaway = 2 ** 31;
	let block: {readonly parts: Buffer[]; readonly first: Cut} | undefined;
	for (const [index, each] of frames.entries()) {
		const {type, stream, payload, flags: bits} = each;
		const where = `frame ${index}, type ${type}, on ${stream}`;
		hold(index > 0 || type === frameTypes.SETTINGS, 'it begins with SETTINGS');
		hold(payload.length <= 16_384 && (lengths.get(type)?.(payload.length) ?? false), where);
		hold((block !== undefined) === (type === frameTypes.CONTINUATION), `a field block, ${where}`);
		hold(block === undefined || block.first.stream === stream, `another block, ${where}`);
		const said = streams.get(stream) ?? {sections: 0, octets: 0, ended: false, reset: false};
		const isOnStream = type === frameTypes.DATA || type === frameTypes.HEADERS;
		hold(!isOnStream || (stream % 2 === 1 && !said.ended && !said.reset), `${where} is over`);
		if (stream !== 0) {
			streams.set(stream, said);
		}
		if (type === frameTypes.HEADERS || type === frameTypes.CONTINUATION) {
			block ??= {parts: [], first: each};
			block.parts.push(type === frameTypes.HEADERS ? content(each) : payload);
			if ((bits & flags.END_HEADERS) !== 0) {
				const endStream = (block.first.flags & flags.END_STREAM) !== 0;
				const fields: Http2Field[] = [];
				const bytes = Buffer.concat(block.parts);
				decoder.decode(bytes, 0, bytes.length, fields, Number.POSITIVE_INFINITY, 10_000);
				hold(decoder.tableSize === 0, 'the dynamic table is not used');
				readSection(fields, said, endStream, isServer);
				block = undefined;
			}
		} else if (type === frameTypes.DATA) {
			hold(said.sections === 1, `${where} comes behind a head`);
			said.octets += payload.length;
			said.ended = (bits & flags.END_STREAM) !== 0;
		} else if (type === frameTypes.RST_STREAM) {
			said.reset = true;
		} else if (type === frameTypes.GOAWAY) {
			const last = payload.readUInt32BE(0);
			hold(last <= lastGoaway, 'GOAWAY does not go back');
			lastGoaway = last;
			goaways.push(payload.readUInt32BE(4));
			const reason = payload.toString('latin1', 8);
			hold(goaways.at(-1) !== errorCodes.INTERNAL_ERROR, `a fault of its own: ${reason}`);
		} else if (type === frameTypes.WINDOW_UPDATE) {
			hold(payload.readUInt32BE(0) > 0, 'a window grows by something');
			hold(stream === 0 || !said.reset, `${where} is over`);
		}
	}
	hold(block === undefined, 'the last field block is not whole');
	checkWindows(streams, heard);
	checkCredits(frames, heard);
	return {streams, goaways};
}

const connectionLevel = /^(connection|keep-alive|proxy-connection|transfer-encoding|upgrade)$/;

function readSection(
	fields: readonly Http2Field[],
	said: Said,
	endStream: boolean,
	isServer: boolean,
): void {
	const pseudo = fields.filter(({name}) => name.startsWith(':'));
	const isFirst = said.sections === 0;
	hold(
		fields.slice(0, pseudo.length).every(({name}) => name.startsWith(':')),
		'pseudo-headers come first',
	);
	for (const {name, value} of fields) {
		hold(/^:?[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name), `the name ${JSON.stringify(name)}`);
		hold(/^([!-~\x80-\xff]([\t -~\x80-\xff]*[!-~\x80-\xff])?)?$/.test(value), `a value of ${name}`);
		hold(!connectionLevel.test(name) && (name !== 'te' || value === 'trailers'), `it has ${name}`);
	}
	const status = pseudo.find(({name}) => name === ':status')?.value;
	if (isServer && isFirst) {
		hold(pseudo.length === 1 && /^[1-9]\d\d$/.test(status ?? ''), `the status ${status}`);
	} else if (isFirst) {
		const names = pseudo.map(({name}) => name).join();
		hold(/^:method,(:protocol,)?:scheme,:authority,:path$/.test(names), `a request has ${names}`);
	} else {
		hold(pseudo.length === 0 && endStream, 'trailers end a stream');
	}
	if (isServer && status?.startsWith('1')) {
		hold(!endStream && status !== '101', 'an informational response ends nothing');
		return;
	}
	said.sections++;
	said.ended = endStream;
}

/** DATA is no more than the other side has ever allowed. */
function checkWindows(streams: ReadonlyMap<number, Said>, heard: readonly Cut[]): void {
	let initial = 65_535;
	const grown = new Map<number, number>();
	for (const {type, stream, payload, flags: bits} of heard) {
		if (type === frameTypes.WINDOW_UPDATE && payload.length === 4) {
			const increment = payload.readUInt32BE(0) & 0x7fff_ffff;
			grown.set(stream, (grown.get(stream) ?? 0) + increment);
		}
		const isSettings = type === frameTypes.SETTINGS && (bits & flags.ACK) === 0;
		for (let at = 0; isSettings && at + 6 <= payload.length; at += 6) {
			if (payload.readUInt16BE(at) === settingIds.INITIAL_WINDOW_SIZE) {
				initial = Math.max(initial, payload.readUInt32BE(at + 2));
			}
		}
	}
	let all = 0;
	for (const [stream, {octets}] of streams) {
		all += octets;
		hold(octets <= initial + (grown.get(stream) ?? 0), `the window of stream ${stream}`);
	}
	hold(all <= 65_535 + (grown.get(0) ?? 0), 'the window of the connection');
}

/** What the other side may send again is no more than it has sent. */
function checkCredits(frames: readonly Cut[], heard: readonly Cut[]): void {
	const received = new Map<number, number>();
	let all = 0;
	for (const {type, stream, payload} of heard) {
		if (type === frameTypes.DATA) {
			received.set(stream, (received.get(stream) ?? 0) + payload.length);
			all += payload.length;
		}
	}
	const updates = frames.filter(({type}) => type === frameTypes.WINDOW_UPDATE);
	const credited = new Map<number, number>();
	for (const {stream, payload} of updates) {
		credited.set(stream, (credited.get(stream) ?? 0) + payload.readUInt32BE(0));
	}
	for (const [stream, octets] of credited) {
		const first = updates.find(update => update.stream === 0)?.payload.readUInt32BE(0) ?? 0;
		const most = stream === 0 ? first + all : (received.get(stream) ?? 0);
		hold(octets <= most, `stream ${stream} is credited ${octets} octets of ${most}`);
	}
}
