import {once} from 'node:events';
import type {ExecutionContext} from 'ava';
import {WebSocket} from 'ws';

/** What a browser answers by WebDriver BiDi, as far as it is looked at. */
interface Answer {
	readonly id: number;
	readonly result?: {readonly contexts?: ReadonlyArray<{readonly context: string}>};
}

/**
 * Connects to a browser by WebDriver BiDi (W3C).
 *
 * @param address as the browser names it when it starts
 * @returns goes to an address in the browser's first tab and returns the browser's answer as text
 */
export async function openBidi(
	t: ExecutionContext,
	address: string,
): Promise<(url: string) => Promise<string>> {
	const socket = new WebSocket(`${address}/session`);
	t.teardown(() => socket.terminate());
	await once(socket, 'open');
	let last = 0;
	const ask = async (method: string, params: object): Promise<Answer> => {
		const id = ++last;
		socket.send(JSON.stringify({id, method, params}));
		for (;;) {
			const [message] = await once(socket, 'message');
			const answer: Answer = JSON.parse(String(message));
			if (answer.id === id) {
				return answer;
			}
		}
	};
	await ask('session.new', {capabilities: {}});
	const {result} = await ask('browsingContext.getTree', {});
	const context = result?.contexts?.[0]?.context;
	return async url =>
		JSON.stringify(await ask('browsingContext.navigate', {context, url, wait: 'complete'}));
}
