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
