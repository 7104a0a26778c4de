import type {Random} from './random.js';

/** What messages are made of; chance alone would hardly ever put them together. */
const words = [
	'\r\n',
	'\r\n\r\n',
	'\n',
	'\r',
	'\0',
	' ',
	'\t',
	':',
	';',
	',',
	'0',
	'5',
	'a',
	'\x7f',
	'\xff',
	'GET / HTTP/1.1\r\n',
	'HTTP/1.1 200 OK\r\n',
	'HTTP/1.0',
	'HTTP/1.1',
	'Host: localhost\r\n',
	'Content-Length: 5\r\n',
	'Content-Length: 0\r\n',
	'Transfer-Encoding: chunked\r\n',
	'Connection: close\r\n',
	'Connection: keep-alive, X-A\r\n',
	'Connection: Upgrade\r\nUpgrade: x\r\n',
	'Expect: 100-continue\r\n',
	'Trailer: X-A\r\n',
	'TE: trailers\r\n',
	'X-Forwarded-For: 6.6.6.6\r\n',
	'X-A: 1\r\n',
	'5\r\nhello\r\n',
	'5;a="b"\r\nhello\r\n',
	'00000005\r\nhello\r\n',
	'0\r\n\r\n',
	'0\r\nX-A: 1\r\n\r\n',
	'HTTP/1.1 100 Continue\r\n\r\n',
	'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
	'204 No Content',
	'304 Not Modified',
];

/** Those that are whole lines: put where a line begins, they leave more of a message whole. */
const lines = words.filter(word => /^[^\r]+\r\n/.test(word));

const head = 'Host: localhost\r\n';
const framings = [
	'Content-Length: 5\r\n\r\nhello',
	'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
];

/** Requests to begin with. */
export const requests: readonly string[] = [
	`GET / HTTP/1.1\r\n${head}\r\n`,
	`GET /a?b HTTP/1.0\r\n${head}Connection: keep-alive\r\n\r\n`,
	...framings.map(framing => `POST /a HTTP/1.1\r\n${head}${framing}`),
	`PUT /a HTTP/1.1\r\n${head}X-A:  1 \r\nx-a:2\r\n${framings[1]}`,
	`POST /a HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n1;a\r\nx\r\n0A\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\nGET / HTTP/1.1\r\n${head}\r\n`,
	`GET / HTTP/1.1\r\n${head}Connection: Upgrade\r\nUpgrade: x\r\n\r\nraw`,
	`HEAD / HTTP/1.1\r\n${head}Connection: close, x-a\r\nX-A: 1\r\n\r\n`,
	`OPTIONS * HTTP/1.1\r\n${head}\r\n`,
	`GET https://localhost/x HTTP/1.1\r\n${head}\r\n`,
];

/** Responses to begin with. */
export const responses: readonly string[] = [
	...framings.map(framing => `HTTP/1.1 200 OK\r\nX-A: 1\r\n${framing}`),
	'HTTP/1.1 200 OK\r\n\r\nuntil the end',
	'HTTP/1.0 200\r\nContent-Length: 2\r\n\r\nok',
	'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
	'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
	'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n1;a\r\nx\r\n0A\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n',
	'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nraw',
];

/** Changes a text in a few places. */
export function mutate(random: Random, text: string, others: readonly string[]): string {
	let changed = text;
	for (let count = random.chance(0.6) ? 0 : random.below(5); count >= 0; count--) {
		changed = changeOnce(random, changed, others);
	}
	return changed.slice(0, 300_000);
}

function changeOnce(random: Random, text: string, others: readonly string[]): string {
	const from = random.below(text.length + 1);
	const to = Math.min(text.length, from + random.below(random.chance(0.8) ? 8 : 200));
	const insert = (middle: string, resume = from) =>
		text.slice(0, from) + middle + text.slice(resume);
	switch (random.below(11)) {
		case 0:
			return insert(String.fromCharCode(random.below(256)), from + 1);
		case 1:
			return insert(String.fromCharCode(random.below(256)));
		case 2:
			return insert('', to);
		case 3:
			return insert(text.slice(from, to).repeat(random.chance(0.98) ? 2 : 2000));
		case 4:
		case 5:
			return insert(random.pick(words));
		case 6:
			return insert(random.pick(words), to);
		case 7:
		case 8:
		case 9: {
			const lineEnd = text.indexOf('\r\n', from);
			return lineEnd < 0 ? text : insertAt(text, lineEnd + 2, random.pick(lines));
		}
		default: {
			const other = random.pick(others);
			return insert(other.slice(random.below(other.length)));
		}
	}
}

function insertAt(text: string, index: number, middle: string): string {
	return text.slice(0, index) + middle + text.slice(index);
}

/** Cuts a text into pieces. */
export function split(random: Random, text: string): string[] {
	const pieces: string[] = [];
	const usual = random.pick([1, 3, 20, 1000, 100_000]);
	for (let at = 0; at < text.length; ) {
		const size = 1 + random.below(text.length > 5000 ? 100_000 : usual);
		pieces.push(text.slice(at, at + size));
		at += size;
	}
	return pieces;
}
