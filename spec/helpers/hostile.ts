import type {Duplex} from 'node:stream';
import type {ExecutionContext} from 'ava';
import type {LaneName} from '../../lib/config/options.js';
import type {Tunnel} from '../../lib/index.js';
import {openBurst} from './burst.js';
import {openTls, type RawClient} from './raw-client.js';
import {readRequests, readResponses, valuesIn} from './read-messages.js';
import {ok} from './scripted.js';
import {openStage, type Stage} from './stage.js';

/** What is to be refused: its name, the bytes as latin1, and the statuses that say so; 400 if left out. */
export type Hostile = readonly [name: string, bytes: string, statuses?: readonly number[]];

/** A request that nothing is wrong with. */
export const good = 'GET /good HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** Opens a stage whose backend answers every request with `ok` once it is complete. */
export function openHostileStage(lane: LaneName): Promise<Stage> {
	const unanswered = new WeakMap<object, string>();
	return openStage({lane}, (socket, bytes) => {
		const text = (unanswered.get(socket) ?? '') + bytes;
		unanswered.set(socket, text);
		try {
			const {messages, rest} = readRequests(text);
			if (messages.every(({complete}) => complete)) {
				unanswered.set(socket, rest);
				socket.write(ok.repeat(messages.length));
			}
		} catch {
			/* the backend has got what is no request: the spec sees that itself */
		}
	});
}

/** One piece a byte. */
export const bytewise = (bytes: string): readonly string[] => [...bytes];

/**
 * Sends bytes over a connection of their own and gives what has come back when it is closed.
 *
 * @param pieces each comes in a TLS record of its own
 */
export async function answerTo(
	t: ExecutionContext,
	tunnel: Tunnel,
	...pieces: readonly string[]
): Promise<string> {
	return closedInTime(await openBurst(t, tunnel, pieces));
}

/** Waits for the other side to close, and fails with what has come when it does not. */
export async function closedInTime(client: RawClient<Duplex>, limit = 45_000): Promise<string> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(
			() => reject(new Error(`still open, after ${JSON.stringify(client.received)}`)),
			limit,
		);
	});
	try {
		return await Promise.race([client.closed(), late]);
	} finally {
		clearTimeout(timer);
		client.socket.destroy();
	}
}

/** Asserts that all that came back is one refusal of Sealport's own, complete. */
export function assertRefusal(
	t: ExecutionContext,
	received: string,
	statuses: readonly number[] = [400],
): void {
	const {messages, rest} = readResponses(received, [], true);
	const [message] = messages;
	t.deepEqual([messages.length, rest], [1, ''], JSON.stringify(received));
	if (message !== undefined) {
		t.true(statuses.includes(Number(message.start.slice(9, 12))), message.start);
		t.is(message.framing, 'length');
		t.true(message.complete, JSON.stringify(received));
		t.is(valuesIn(message.fields, 'sealport-error').length, 1);
	}
}

/** Asserts that the tunnel serves, and that the backend has seen good requests and not a byte beside them. */
export async function assertUntouched(
	t: ExecutionContext,
	{tunnel, takeReceived}: Stage,
): Promise<void> {
	const client = await openTls(t, tunnel);
	client.write(good);
	t.regex(await client.until('\r\n\r\nok'), /^HTTP\/1\.1 200 OK\r\n/);
	client.socket.destroy();
	t.is(strangersIn(takeReceived()), '');
}

/** What a backend has received besides good requests, without what Sealport adds. */
export function strangersIn(received: string): string {
	return received.replaceAll(
		/GET \/good HTTP\/1\.1\r\nHost: localhost\r\n((X-Forwarded-\w+|Connection): [^\r\n]*\r\n)*\r\n/g,
		'',
	);
}
