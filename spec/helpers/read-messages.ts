/** One HTTP/1.1 message as a peer sees it. All text is latin1. */
export interface Message {
	/** The first line. */
	readonly start: string;
	/** The field lines, byte for byte and in order. */
	readonly fields: readonly string[];
	/** Where the body ends: there is none, after a length, after a last chunk, or with the connection. */
	readonly framing: 'none' | 'length' | 'chunks' | 'close';
	/** Without chunk framing. */
	readonly body: string;
	readonly trailers: readonly string[];
	/** Whether the end was there. */
	readonly complete: boolean;
}

/** What was read, and what stands behind it that is no message yet. */
export interface Read {
	readonly messages: readonly Message[];
	readonly rest: string;
}

const fieldLine = /^[!#$%&'*+.^`|~\w-]+:[\t\x20-\x7e\x80-\xff]*$/;

/** Every value of a field, without what surrounds it, in order. */
export function valuesIn(fields: readonly string[], name: string): string[] {
	return fields
		.filter(line => line.slice(0, line.indexOf(':')).toLowerCase() === name)
		.map(line => line.slice(line.indexOf(':') + 1).replace(/^[ \t]+|[ \t]+$/g, ''));
}

/** Reads the requests that came over a connection. Throws where the text is not HTTP/1.1. */
export function readRequests(text: string): Read {
	return readMessages(text, /^\S+ \S+ HTTP\/1\.[01]$/, () => 'none');
}

/**
 * Reads the responses that came over a connection. Throws where the text is not HTTP/1.1.
 *
 * @param methods of the requests that they answer, in order: a response to HEAD has no body
 * @param closed whether the connection has ended in order, and a body without a length with it
 */
export function readResponses(text: string, methods: readonly string[], closed: boolean): Read {
	let answered = 0;
	return readMessages(text, /^HTTP\/1\.[01] \d{3} [\t\x20-\x7e\x80-\xff]*$/, ({start}) => {
		const status = start.slice(9, 12);
		if (status.startsWith('1') && status !== '101') {
			return 'bodiless';
		}
		const head = methods[answered++] === 'HEAD';
		return head || /^(101|204|304)$/.test(status) ? 'bodiless' : closed ? 'closed' : 'open';
	});
}

/** What a message without a length or chunks has for a body. */
type Default = 'none' | 'bodiless' | 'closed' | 'open';

interface Head {
	readonly start: string;
	readonly fields: readonly string[];
}

function readMessages(text: string, startLine: RegExp, byDefault: (head: Head) => Default): Read {
	const messages: Message[] = [];
	let rest = text;
	for (;;) {
		const end = rest.indexOf('\r\n\r\n');
		if (end < 0) {
			return {messages, rest};
		}
		const [start = '', ...fields] = rest.slice(0, end).split('\r\n');
		expect(startLine.test(start), 'a first line', start);
		for (const line of fields) {
			expect(fieldLine.test(line), 'a field', line);
		}
		const behind = rest.slice(end + 4);
		const {used, ...body} = readBody(behind, fields, byDefault({start, fields}));
		messages.push({start, fields, ...body});
		if (!body.complete || body.framing === 'close') {
			return {messages, rest: ''};
		}
		rest = behind.slice(used);
	}
}

type Body = Omit<Message, 'start' | 'fields'> & {readonly used: number};

function readBody(text: string, fields: readonly string[], byDefault: Default): Body {
	const nothing = {body: '', trailers: [], complete: true, used: 0};
	const codings = valuesIn(fields, 'transfer-encoding');
	const lengths = valuesIn(fields, 'content-length');
	if (byDefault === 'bodiless') {
		return {...nothing, framing: 'none'};
	}
	expect(codings.length + lengths.length <= 1, 'one framing', fields.join('\n'));
	if (codings.length > 0) {
		expect(codings[0]?.toLowerCase() === 'chunked', 'chunked', codings[0]);
		return {...readChunks(text), framing: 'chunks'};
	}
	const [length] = lengths;
	if (length !== undefined) {
		expect(/^\d+$/.test(length), 'a length', length);
		const body = text.slice(0, Number(length));
		const complete = body.length === Number(length);
		return {...nothing, body, complete, used: body.length, framing: 'length'};
	}
	if (byDefault === 'none') {
		return {...nothing, framing: 'none'};
	}
	return {...nothing, body: text, complete: byDefault === 'closed', framing: 'close'};
}

function readChunks(text: string): Omit<Body, 'framing'> {
	let body = '';
	let at = 0;
	const incomplete = () => ({body, trailers: [], complete: false, used: text.length});
	for (;;) {
		const lineEnd = text.indexOf('\r\n', at);
		if (lineEnd < 0) {
			return incomplete();
		}
		const line = text.slice(at, lineEnd);
		const [, digits = ''] = /^([\da-f]+)[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/i.exec(line) ?? [];
		expect(digits !== '', 'the size of a chunk', line);
		const size = Number.parseInt(digits, 16);
		at = lineEnd + 2;
		if (size === 0) {
			return readTrailers(text, at, body) ?? incomplete();
		}
		body += text.slice(at, at + size);
		if (text.length < at + size + 2) {
			return incomplete();
		}
		expect(text.slice(at + size, at + size + 2) === '\r\n', 'the end of a chunk', text);
		at += size + 2;
	}
}

function readTrailers(text: string, from: number, body: string): Omit<Body, 'framing'> | undefined {
	const trailers: string[] = [];
	for (let at = from; ; ) {
		const lineEnd = text.indexOf('\r\n', at);
		if (lineEnd < 0) {
			return undefined;
		}
		const line = text.slice(at, lineEnd);
		at = lineEnd + 2;
		if (line === '') {
			return {body, trailers, complete: true, used: at};
		}
		expect(fieldLine.test(line), 'a trailer field', line);
		trailers.push(line);
	}
}

function expect(holds: boolean, what: string, found: string | undefined): void {
	if (!holds) {
		throw new Error(`expected ${what}, found ${JSON.stringify(found)}`);
	}
}
