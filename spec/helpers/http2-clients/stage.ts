import type {ExecutionContext} from 'ava';
import {until} from '../until.js';
import {type Seen, startWorkBackend} from './backend.js';
import {type WatchedTunnel, watchTunnel} from './watched-tunnel.js';
import {type Account, half, moduleCount, patience, size} from './work.js';

/** A tunnel, and behind it the backend with all that a client is to do. */
export interface Stage {
	readonly tunnel: WatchedTunnel;
	readonly seen: Seen;
	/** What a page reports in the end. */
	readonly report: Promise<unknown>;
}

/** Opens a stage that ends with the test, and gives the test the time that the work takes. */
export async function openStage(t: ExecutionContext): Promise<Stage> {
	t.timeout(patience);
	const {port, seen, report} = await startWorkBackend(t);
	const tunnel = await watchTunnel(t, port);
	return {tunnel, seen, report};
}

/**
 * Holds what a client and its backend have seen against what is promised. Whatever the client does not
 * tell of is what it is not able to do; its spec says why.
 *
 * @param connections how often the client was run, each time with one connection for all it did
 */
export async function assertWork(
	t: ExecutionContext,
	{tunnel, seen}: Stage,
	account: Partial<Account> & {readonly error?: string},
	connections = 1,
): Promise<void> {
	t.log(`most memory of the tunnel: ${tunnel.peak()} MiB, ${size / 2 ** 20} MiB each way`);
	if (account.error !== undefined) {
		const {said, handshakes, exchanges} = tunnel;
		const failed = exchanges.filter(({failure, complete}) => failure !== undefined || !complete);
		t.log('what the tunnel and the backend know of it', {said, handshakes, failed, seen});
	}
	t.is(account.error, undefined, 'what a page says when its work fails');
	t.is(account.modules, moduleCount);
	t.is(seen.modules.size, moduleCount);
	t.is(account.uploaded, size);
	t.true(seen.uploads.includes(size));
	t.is(account.downloaded, size);
	t.true(seen.downloads > 0);
	if (account.downloadedInPart !== undefined) {
		t.true(account.downloadedInPart >= half && account.downloadedInPart < size);
		const expected = ['GET /cancelled-download', 'POST /cancelled-upload'];
		const known = () => [...new Set(seen.cancelled)].sort();
		await until('the backend knows what was cancelled', () => known().length >= 2);
		t.deepEqual(known(), expected);
	}
	if (account.events !== undefined) {
		t.true(account.events > 0);
		t.is(seen.events.opened, 1);
	}
	if (account.echoes !== undefined) {
		t.true(account.echoes >= 3);
		t.deepEqual(seen.webSockets, {opened: 1, messages: account.echoes});
	}
	t.deepEqual(seen.faults, []);
	assertConnections(t, tunnel, connections);
}

/** There were so many connections, all of them spoke HTTP/2, and nothing on them failed. */
function assertConnections(t: ExecutionContext, tunnel: WatchedTunnel, count: number): void {
	t.deepEqual(
		tunnel.handshakes.map(({alpn}) => alpn),
		Array.from({length: count}, () => 'h2'),
	);
	t.deepEqual([...new Set(tunnel.exchanges.map(({version}) => version))], ['HTTP/2']);
	t.deepEqual(
		tunnel.exchanges.filter(({failure, status}) => failure !== undefined || (status ?? 0) >= 400),
		[],
	);
	t.is(tunnel.said, '');
}
