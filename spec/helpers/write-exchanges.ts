import type {GeneratedBody, GeneratedExchange} from './generated-exchanges.js';

/** The path of the first part of the target, by which the backend knows what to answer. */
export const pathOf = (key: number) => `/${key}`;

/** A request as the client writes it. */
export function requestText(exchange: GeneratedExchange, key: number): string {
	const {method, minor, query, requestFields, hostAt, requestBody} = exchange;
	const fields = [...requestFields];
	fields.splice(hostAt, 0, 'Host: localhost');
	return `${method} ${pathOf(key)}?${query} HTTP/1.${minor}\r\n${withBody(fields, requestBody)}`;
}

/** A response as the backend writes it, with the informational ones before it. */
export function responseText(exchange: GeneratedExchange): string {
	const {informational, status, reason, responseMinor, responseFields, responseBody} = exchange;
	const before = informational
		.map(({start, fields}) => `${start}\r\n${lines(fields)}\r\n`)
		.join('');
	const start = `HTTP/1.${responseMinor} ${status} ${reason}\r\n`;
	return `${before}${start}${withBody(responseFields, responseBody)}`;
}

function withBody(fields: readonly string[], body: GeneratedBody): string {
	if (body.framing === 'chunks') {
		const chunks = body.chunks.map(({size, data}) => `${size}\r\n${data}\r\n`).join('');
		const rest = `${body.last}\r\n${lines(body.trailers)}\r\n`;
		return `${lines([...fields, 'Transfer-Encoding: chunked'])}\r\n${chunks}${rest}`;
	}
	const length = body.framing === 'length' ? [`Content-Length: ${body.body.length}`] : [];
	return `${lines([...length, ...fields])}\r\n${body.body}`;
}

function lines(fields: readonly string[]): string {
	return fields.map(field => `${field}\r\n`).join('');
}

/** Cuts a text at places that are given as parts of its length. */
export function cut(text: string, places: readonly number[] | 'every'): string[] {
	const all =
		places === 'every' && text.length < 1000
			? Array.from({length: text.length}, (_, index) => index)
			: (places === 'every' ? [0.5] : places).map(place => Math.floor(place * text.length));
	const ends = [...new Set([...all, text.length])].sort((a, b) => a - b);
	return ends
		.map((end, index) => text.slice(ends[index - 1] ?? 0, end))
		.filter(piece => piece !== '');
}
