import {connect} from 'node:net';

/** What came of asking: HTTP, something else or nobody there, or nothing within the time. */
export type Answer = 'http' | 'other' | 'silent';

/** More than a status line and the headers that tell a page from what is for programs only. */
const enough = 4096;

/**
 * Asks a listening socket for the headers of its first page, which changes nothing, and closes the
 * connection at the first line of the answer.
 *
 * @param patience milliseconds until it counts as silent
 */
export function probe(host: string, port: number, patience: number): Promise<Answer> {
	return new Promise(resolve => {
		const socket = connect({host, port});
		let text = '';
		let connected = false;
		const finish = (answer: Answer) => {
			clearTimeout(timer);
			socket.destroy();
			resolve(answer);
		};
		const timer = setTimeout(() => finish(connected ? 'silent' : 'other'), patience);
		socket.setEncoding('latin1');
		socket.once('connect', () => {
			connected = true;
			const authority = port === 80 ? 'localhost' : `localhost:${port}`;
			socket.write(
				`HEAD / HTTP/1.1\r\nHost: ${authority}\r\nAccept: */*\r\nUser-Agent: sealport\r\nConnection: close\r\n\r\n`,
			);
		});
		socket.on('data', (chunk: string) => {
			text += chunk;
			if (text.includes('\n') || text.length > enough) {
				finish(isPage(text) ? 'http' : 'other');
			}
		});
		socket.once('error', () => finish('other'));
		socket.once('close', () => finish('other'));
	});
}

/** Neither a server for WebSockets only, nor what Node.js has for debuggers, nor TLS that is asked plainly. */
function isPage(text: string): boolean {
	return (
		/^HTTP\/1\.[01] (?!426)\d{3}/.test(text) &&
		!/WebSockets request was expected|HTTP request to an HTTPS server/.test(text)
	);
}
