import test, {type ExecutionContext} from 'ava';
import {closedInTime, good} from './hostile.js';
import {type Oddity, type OddStage, openOddStage, type Way} from './odd-backend.js';
import {follow, openTls, type RawClient} from './raw-client.js';
import {type Message, readResponses, valuesIn} from './read-messages.js';
import {type Connection, dialAs} from './versions.js';

/** Gives the stage of a spec file. */
export type OddStageOf = () => OddStage;

/** A stage for all tests of a file, which run one after the other. */
export function oddStageFor(way: Way): OddStageOf {
	let stage: OddStage | undefined;
	test.before(async () => {
		stage = await openOddStage(way);
	});
	test.after.always(() => stage?.stage.close());
	return () => {
		if (stage === undefined) {
			throw new Error('before the first test');
		}
		return stage;
	};
}

/** Writes a text and leaves the connection open, closes it, or resets it. */
export function sending(text: string, then: 'stay' | 'end' | 'reset' = 'stay'): Oddity {
	return socket => {
		if (!socket.writable) {
			return;
		}
		socket.write(text, 'latin1', () => {
			if (then === 'end') {
				socket.end();
			} else if (then === 'reset') {
				// What was sent before a reset may be lost with it on the way.
				setTimeout(() => socket.resetAndDestroy(), 30);
			}
		});
	};
}

/** Opens a connection to the tunnel of a stage, to be written to as in HTTP/1.1. */
export function openOdd(t: ExecutionContext, {stage, way}: OddStage): RawClient<Connection> {
	return follow(t, dialAs(way.version, stage.tunnel));
}

/** Asks for `/odd` and gives all that comes back until the connection is closed. */
export async function askOdd(
	t: ExecutionContext,
	odd: OddStage,
	method = 'GET',
	fields = 'Connection: close\r\n',
): Promise<string> {
	const client = openOdd(t, odd);
	client.write(`${method} /odd HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`);
	return closedInTime(client);
}

/** Asserts that all that came back is one answer of Sealport's own, for a failure of the backend. */
export function assertBadGateway(t: ExecutionContext, received: string): void {
	const {messages, rest} = readResponses(received, ['GET'], true);
	const final = messages.filter(({start}) => !/^HTTP\/1\.1 1\d\d /.test(start));
	t.deepEqual([final.length, rest], [1, ''], JSON.stringify(received.slice(0, 2000)));
	const [answer] = final;
	t.regex(answer?.start ?? '', /^HTTP\/1\.1 502 /);
	t.true(answer?.complete);
	t.regex(valuesIn(answer?.fields ?? [], 'sealport-error').join(), /^backend-(reset|malformed)$/);
}

/** Asserts that a response has begun and that a client must notice that its end is missing. */
export function assertCutShort(t: ExecutionContext, received: string, status = '200'): Message {
	const {messages} = readResponses(received, ['GET'], true);
	const last = messages.at(-1);
	t.is(last?.start.slice(9, 12), status, JSON.stringify(received.slice(0, 2000)));
	t.false(last?.complete, JSON.stringify(received.slice(0, 2000)));
	return last as Message;
}

/** Asserts that the tunnel goes on, and never uses a connection again that has misbehaved. */
export async function assertHealthy(t: ExecutionContext, odd: OddStage): Promise<void> {
	for (let count = 0; count < 3; count++) {
		const client = await openTls(t, odd.stage.tunnel);
		client.write(good);
		t.regex(await client.until('\r\n\r\nok'), /^HTTP\/1\.1 200 OK\r\n/);
		client.socket.destroy();
	}
	t.is(odd.reused, 0);
}
