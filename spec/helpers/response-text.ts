import {createHash} from 'node:crypto';
import {STATUS_CODES} from 'node:http';

/** The head of a response as HTTP/1.1 writes it; `own` are further lines. */
export function headOf(status: number, raw: readonly string[], own: readonly string[]): string {
	const start = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`;
	return [start, ...linesOf(raw), ...own, '', ''].join('\r\n');
}

/** Fields as lines, without pseudo-fields. */
export function linesOf(raw: readonly string[]): string[] {
	return raw.flatMap((name, index) =>
		index % 2 === 0 && !name.startsWith(':') ? [`${name}: ${raw[index + 1] ?? ''}`] : [],
	);
}

/** What a server has to make of the key (RFC 6455 section 4.2.2), of which HTTP/2 knows nothing. */
export function acceptOf(key: string | undefined): string[] {
	const salt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
	return key === undefined
		? []
		: [
				`Sec-WebSocket-Accept: ${createHash('sha1')
					.update(key + salt)
					.digest('base64')}`,
			];
}
