import fc from 'fast-check';
import type {LaneName} from '../../lib/config/options.js';

/** One request, and the response that the backend gives to it. All text is latin1. */
export interface GeneratedExchange {
	readonly method: string;
	readonly minor: 0 | 1;
	/** Behind the path that tells the exchanges apart. */
	readonly query: string;
	readonly requestFields: readonly string[];
	/** Where among them Host stands. */
	readonly hostAt: number;
	readonly requestBody: GeneratedBody;
	readonly informational: ReadonlyArray<{
		readonly start: string;
		readonly fields: readonly string[];
	}>;
	readonly status: number;
	readonly reason: string;
	readonly responseMinor: 0 | 1;
	readonly responseFields: readonly string[];
	readonly responseBody: GeneratedBody;
}

/** A body as it is written. */
export type GeneratedBody =
	| {readonly framing: 'none' | 'close' | 'length'; readonly body: string}
	| {
			readonly framing: 'chunks';
			readonly chunks: ReadonlyArray<{readonly size: string; readonly data: string}>;
			readonly last: string;
			readonly trailers: readonly string[];
	  };

/** What goes over one connection, and how it is cut into pieces. */
export interface GeneratedConnection {
	readonly exchanges: readonly GeneratedExchange[];
	/** Places at which the bytes of each side are cut, as parts of the whole; every place for `every`. */
	readonly requestCuts: readonly number[] | 'every';
	readonly responseCuts: readonly number[] | 'every';
	/** Whether the backend closes behind the last response. */
	readonly closes: boolean;
}

const textOf = (alphabet: RegExp, most: number) => {
	const octets = Array.from({length: 256}, (_, code) => String.fromCharCode(code));
	const signs = octets.filter(octet => alphabet.test(octet));
	return fc.array(fc.constantFrom(...signs), {maxLength: most}).map(chosen => chosen.join(''));
};

/** Names that come again and again, in any casing, and some that are odd. */
const names = (lane: LaneName) =>
	fc.oneof(
		{
			weight: 3,
			// Node writes the values of repeated Cookie fields into one, and keeps fields in an object.
			arbitrary: fc.constantFrom(
				'x-same',
				'X-Same',
				'X-SAME',
				...(lane === 'wire' ? ['cookie', 'Cookie'] : []),
			),
		},
		{
			weight: 1,
			arbitrary: fc.constantFrom(
				...(lane === 'wire' ? ['__proto__'] : []),
				'constructor',
				"!#$%&'*+.^_`|~0a",
				'X',
				'0',
			),
		},
		{weight: 3, arbitrary: textOf(/[a-zA-Z\d_-]/, 12).map(text => `X-${text}`)},
	);

const values = fc.oneof(
	textOf(/[\x21-\x7e]/, 20),
	textOf(/[\t\x20-\x7e\x80-\xff]/, 30),
	fc.constantFrom('', 'a, b,c', '"quoted, text"', 'a=1; b=2', '\xe4\xf6', ',,,'),
);

const fields = (lane: LaneName) =>
	fc.array(
		fc
			.tuple(
				names(lane),
				fc.constantFrom(' ', ' ', '', '  ', '\t'),
				values,
				fc.constantFrom('', '', ' '),
			)
			.map(([name, before, value, after]) =>
				// Node's parser gives the message lane values without what surrounds them.
				lane === 'wire' ? `${name}:${before}${value}${after}` : `${name}: ${value.trim()}`,
			),
		{maxLength: 8},
	);

const bodies = fc.oneof(
	{weight: 8, arbitrary: textOf(/[\0-\xff]/, 60)},
	{weight: 2, arbitrary: textOf(/[\r\n0-9a-f]/, 60)},
	{weight: 1, arbitrary: fc.nat(100_000).map(size => 'body'.repeat(size / 4))},
);

const sizeOf = fc
	.tuple(fc.boolean(), fc.nat(4), fc.constantFrom('', '', '', ';a', ';a=b', ';a="b c"', ';a;b=c'))
	.map(([upper, zeros, extension]) => (length: number) => {
		const digits = length.toString(16);
		return `${'0'.repeat(zeros)}${upper ? digits.toUpperCase() : digits}${extension}`;
	});

const chunked = (lane: LaneName): fc.Arbitrary<GeneratedBody> =>
	fc
		.record({
			parts: fc.array(fc.tuple(bodies, sizeOf), {maxLength: 4}),
			last: sizeOf,
			trailers: fc.oneof(fc.constant([]), fields(lane)),
		})
		.map(({parts, last, trailers}) => ({
			framing: 'chunks' as const,
			chunks: parts
				.filter(([data]) => data !== '')
				.map(([data, size]) => ({size: size(data.length), data})),
			last: last(0),
			trailers,
		}));

const sized: fc.Arbitrary<GeneratedBody> = bodies.map(body => ({framing: 'length', body}));
const none: fc.Arbitrary<GeneratedBody> = fc.constant({framing: 'none', body: ''});
const untilClose: fc.Arbitrary<GeneratedBody> = bodies.map(body => ({framing: 'close', body}));

function exchange(lane: LaneName, last: boolean): fc.Arbitrary<GeneratedExchange> {
	const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND'];
	// Node's parser knows no others.
	const method = fc.constantFrom(
		...methods,
		...(lane === 'wire' ? ['get', 'X-Own', "!#$%&'*"] : []),
	);
	return fc
		.record({
			method,
			minor: fc.constantFrom<0 | 1>(...(last ? ([1, 1, 0] as const) : ([1] as const))),
			query: textOf(/[\x21-\x22\x24-\x7e]/, 20),
			requestFields: fields(lane),
			hostAt: fc.nat(8),
			requestBody: fc.oneof(none, sized, chunked(lane)),
			informational: fc.array(
				fc.record({
					start: fc.constantFrom('HTTP/1.1 103 Early Hints', 'HTTP/1.1 102 Processing'),
					fields: fields(lane),
				}),
				{maxLength: 2},
			),
			status: fc.constantFrom(200, 200, 200, 201, 204, 206, 304, 404, 418, 500, 599),
			reason: textOf(/[\x21-\x7e\x80-\xff]/, 10),
			responseMinor: fc.constantFrom<0 | 1>(1, 1, 1, 0),
			responseFields: fields(lane),
			responseBody: fc.oneof(sized, chunked(lane), ...(last ? [untilClose] : [])),
		})
		.map(made => ({
			...made,
			// HTTP/1.0 has no chunks.
			requestBody:
				made.minor === 0 && made.requestBody.framing === 'chunks' ? empty : made.requestBody,
			responseMinor: made.responseBody.framing === 'chunks' ? 1 : made.responseMinor,
			responseBody: bodiless(made) ? empty : made.responseBody,
		}));
}

const empty: GeneratedBody = {framing: 'none', body: ''};

function bodiless({method, status}: {method: string; status: number}): boolean {
	return method === 'HEAD' || status === 204 || status === 304;
}

const cuts = fc.oneof(
	{weight: 8, arbitrary: fc.array(fc.double({min: 0, max: 1, noNaN: true}), {maxLength: 6})},
	{weight: 1, arbitrary: fc.constant('every' as const)},
);

/** Connections with one to four requests, the later ones sent without waiting for the earlier responses. */
export function connections(lane: LaneName): fc.Arbitrary<GeneratedConnection> {
	return fc.record({
		exchanges: fc
			.tuple(fc.array(exchange(lane, false), {maxLength: 3}), exchange(lane, true))
			.map(([before, last]) => [...before, last]),
		requestCuts: cuts,
		responseCuts: cuts,
		closes: fc.boolean(),
	});
}
