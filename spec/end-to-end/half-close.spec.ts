import type {Duplex} from 'node:stream';
import type {ExecutionContext} from 'ava';
import {startHalfOpen} from '../helpers/half-open.js';
import {follow, type RawClient} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {dialAs, test, versionOf} from '../helpers/versions.js';
import {agreeTo, askFor} from '../helpers/websocket-upgrade.js';

/** More than fits on the way. */
const much = 'm'.repeat(2 ** 21);

/** Both ends of a tunnel; neither closes because the other has ended. */
async function openTunnel(
	t: ExecutionContext,
): Promise<{readonly client: RawClient<Duplex>; readonly backend: RawClient<Duplex>}> {
	const server = await startHalfOpen(t);
	const tunnel = await startTunnel(t, `127.0.0.1:${server.port}`);
	const client = follow(t, dialAs(versionOf(t), tunnel, {allowHalfOpen: true}));
	client.write(askFor('/'));
	const backend = await server.connection();
	backend.write(agreeTo(await backend.until('\r\n\r\n')));
	await client.until('\r\n\r\n');
	return {client, backend};
}

/** Ends the writing side only, and waits until the other end knows. */
async function endOf(from: RawClient<Duplex>, to: RawClient<Duplex>): Promise<void> {
	let ended = to.socket.readableEnded;
	to.socket.once('end', () => {
		ended = true;
	});
	from.socket.end();
	await until('the other end knows', () => ended);
}

for (const [first, second] of [
	['client', 'backend'],
	['backend', 'client'],
] as const) {
	test(`when the ${first} has ended, the ${second} goes on sending, and then ends as well`, async t => {
		const ends = await openTunnel(t);
		const [one, other] = [ends[first], ends[second]];
		one.write('farewell');
		await endOf(one, other);
		t.regex(other.received, /\r\n\r\nfarewell$/);
		other.write('not yet, ');
		await one.until('not yet, ');
		other.write(much);
		other.write('now');
		await endOf(other, one);
		t.true(one.received.endsWith(`not yet, ${much}now`));
		await Promise.all([one.closed(), other.closed()]);
	});

	test(`all that the ${first} sent before its end arrives, also when the ${second} reads late`, async t => {
		const ends = await openTunnel(t);
		const [one, other] = [ends[first], ends[second]];
		other.socket.pause();
		one.write(much);
		one.socket.end('the end');
		other.socket.resume();
		await other.until(/the end$/);
		t.true(other.received.endsWith(`\r\n\r\n${much}the end`));
		other.write('seen');
		await one.until(/seen$/);
		t.pass();
	});

	test(`a ${second} that breaks off after the ${first} has ended is let go of, and so is the ${first}`, async t => {
		const ends = await openTunnel(t);
		const [one, other] = [ends[first], ends[second]];
		await endOf(one, other);
		other.socket.destroy();
		await one.closed();
		t.pass();
	});
}
