import {setTimeout as pause} from 'node:timers/promises';
import test from 'ava';
import {lineageOf, lookInRounds, type OpenSocket} from '../../../lib/access/peers/rounds.js';
import type {Ends} from '../../../lib/forward/seams.js';
import {peer} from '../../helpers/peers.js';

const ends = (
	remotePort: number,
	remoteAddress = '127.0.0.1',
	localAddress = '127.0.0.1',
): Ends => ({
	remoteAddress,
	remotePort,
	localAddress,
	localPort: 62_893,
});

const socket = (pid: number, port: number, own: Partial<OpenSocket> = {}): OpenSocket => ({
	pid,
	address: '127.0.0.1',
	port,
	remote: {address: '127.0.0.1', port: 62_893},
	...own,
});

/** A finder over tables of sockets, one for each look; the last one stays. */
function over(tables: ReadonlyArray<readonly OpenSocket[]>, gone: readonly number[] = []) {
	const asked: string[] = [];
	let looks = 0;
	const finder = lookInRounds({
		async sockets() {
			asked.push('sockets');
			await pause(1);
			return tables[Math.min(looks++, tables.length - 1)] ?? [];
		},
		async processes(pids) {
			asked.push(pids.join());
			await pause(1);
			return new Map(pids.filter(pid => !gone.includes(pid)).map(pid => [pid, peer({pid})]));
		},
	});
	const pids = async (each: Ends) => (await finder.find(each)).holders.map(({pid}) => pid);
	return {finder, pids, asked};
}

test('every process that has the other end is found, and nobody else', async t => {
	const {pids} = over([
		[
			socket(7, 4001),
			socket(5, 4001),
			socket(5, 4001),
			socket(8, 4002),
			// Our own end of the same connection, and what only resembles it.
			socket(1, 62_893, {remote: {address: '127.0.0.1', port: 4001}}),
			socket(2, 4001, {address: '::1'}),
			socket(3, 4001, {remote: {address: '127.0.0.2', port: 62_893}}),
			socket(4, 4001, {remote: {address: '127.0.0.1', port: 62_894}}),
			socket(6, 4001, {remote: undefined}),
		],
	]);
	t.deepEqual(await pids(ends(4001)), [5, 7]);
	t.deepEqual(await pids(ends(4002)), [8]);
	await t.throwsAsync(pids(ends(4003)), {message: /no process that can be seen/});
});

test('IPv4 in its IPv6 form is the same connection', async t => {
	const {pids} = over([[socket(7, 4001)]]);
	t.deepEqual(await pids(ends(4001, '::ffff:127.0.0.1', '::ffff:127.0.0.1')), [7]);
	await t.throwsAsync(pids(ends(4001, '::1', '::1')));
});

test('a socket that changes hands while it is looked at is nobody’s', async t => {
	const handed = over([[socket(7, 4001)], [socket(8, 4001)]]);
	await t.throwsAsync(handed.pids(ends(4001)), {message: /handed over/});
	const shared = over([[socket(7, 4001)], [socket(7, 4001), socket(8, 4001)]]);
	await t.throwsAsync(shared.pids(ends(4001)), {message: /handed over/});
	const closed = over([[socket(7, 4001)], []]);
	await t.throwsAsync(closed.pids(ends(4001)), {message: /handed over/});
	const ended = over([[socket(7, 4001), socket(8, 4001)]], [8]);
	await t.throwsAsync(ended.pids(ends(4001)), {message: /has ended/});
});

test('lookups that come while one runs share the next', async t => {
	const {pids, asked} = over([[1, 2, 3, 4].map(pid => socket(pid, 4000 + pid))]);
	const found = await Promise.all([1, 2, 3, 4].map(each => pids(ends(4000 + each))));
	t.deepEqual(found, [[1], [2], [3], [4]]);
	t.deepEqual(asked, ['sockets', '1', 'sockets', 'sockets', '2,3,4', 'sockets']);
});

test('what fails, fails for those that waited for it, and the next lookup works', async t => {
	let fails = true;
	const finder = lookInRounds({
		async sockets() {
			if (fails) {
				throw new Error('lsof shows no sockets');
			}
			return [socket(7, 4001)];
		},
		processes: async () => new Map([[7, peer({pid: 7})]]),
	});
	await t.throwsAsync(finder.find(ends(4001)), {message: 'lsof shows no sockets'});
	fails = false;
	t.is((await finder.find(ends(4001))).holders.length, 1);
});

test('a lookup ends in time, and when nobody has use for it any more', async t => {
	const never = {
		sockets: () => new Promise<never>(() => undefined),
		processes: async () => new Map(),
	};
	await t.throwsAsync(lookInRounds(never, 20).find(ends(4001)), {message: /longer than/});
	const finder = lookInRounds(never);
	const lookups = [finder.find(ends(4001)), finder.find(ends(4002))];
	finder.close();
	for (const lookup of lookups) {
		await t.throwsAsync(lookup, {message: 'Sealport is closing'});
	}
	await t.throwsAsync(finder.find(ends(4003)));
});

test('nobody is looked for on other machines', async t => {
	const {pids, asked} = over([[socket(7, 4001, {address: '203.0.113.9'})]]);
	await t.throwsAsync(pids(ends(4001, '203.0.113.9')), {message: 'it is on another machine'});
	t.deepEqual(asked, []);
});

test('lineage: itself first, with times; a circle ends it', t => {
	const row = (parent: number) => ({parent, started: `at ${parent}`});
	const table = new Map([
		[9, row(5)],
		[5, row(1)],
		[1, row(0)],
		[7, row(8)],
		[8, row(7)],
	]);
	t.deepEqual(lineageOf(9, table), {lineage: [9, 5, 1], started: ['at 5', 'at 1', 'at 0']});
	t.deepEqual(lineageOf(7, table).lineage, [7, 8]);
	t.deepEqual(lineageOf(3, table).lineage, []);
});
