import {once} from 'node:events';
import test, {type ExecutionContext} from 'ava';
import type {WireContext} from '../../../../lib/forward/wire/context.js';
import {Outlet} from '../../../../lib/forward/wire/downstream/outlet.js';
import {Pools} from '../../../../lib/forward/wire/upstream/pool.js';
import {snapshotOf} from '../snapshot.js';
import {protocols, readOctets, tlsPair} from './tls-pair.js';

const context: WireContext = {
	snapshot: snapshotOf,
	pools: new Pools({dial: () => Promise.reject(new Error('nobody dials here'))}),
	limits: {head: 1000, idle: 5000, headSize: 1000, fields: 10},
	clock: {now: 0, tick: 0},
	draining: () => false,
	report: () => undefined,
};

async function open(t: ExecutionContext, protocol: (typeof protocols)[number] = 'TLSv1.3') {
	const {client, server} = await tlsPair(t, protocol);
	const outlet = new Outlet(server, context);
	return {client, server, outlet};
}

for (const protocol of protocols) {
	test(`${protocol}: lent memory reaches a client that is slow to take it, in order`, async t => {
		const {client, server, outlet} = await open(t, protocol);
		const first = Buffer.allocUnsafeSlow(1000);
		const second = Buffer.allocUnsafeSlow(128 * 1024);
		const expected: Buffer[] = [];
		let queued = 0;
		for (let round = 0; queued < 3; round++) {
			first.fill(round % 0x20);
			second.fill(0x20 + (round % 0x20));
			const small = second.subarray(0, 50_000);
			expected.push(Buffer.from(first), Buffer.from(second));
			expected.push(Buffer.from(first), Buffer.from(small), Buffer.from(first));
			outlet.writeBoth(first, second);
			outlet.writeBoth(first, small);
			outlet.write(first);
			first.fill('!');
			second.fill('!');
			await new Promise(setImmediate);
			queued += server.writableLength > 0 ? 1 : 0;
		}
		const all = Buffer.concat(expected);
		t.true((await readOctets(client, all.length)).equals(all));
	});
}

test('a client that takes everything is written to without waiting', async t => {
	const {client, outlet} = await open(t);
	t.true(outlet.write(Buffer.from('a')));
	t.true(outlet.writeBoth(Buffer.from('b'), Buffer.from('c')));
	t.is(String(await readOctets(client, 3)), 'abc');
});

test('closing ends behind what has been written, and nothing follows', async t => {
	const {client, outlet} = await open(t);
	outlet.write(Buffer.from('last'));
	outlet.close();
	t.true(outlet.closing);
	t.true(outlet.write(Buffer.from('lost')));
	t.is(String(await readOctets(client, 4)), 'last');
	client.resume();
	await once(client, 'end');
});

test('a client that does not let a connection end has it cut, after its time', async t => {
	const {server, outlet} = await open(t);
	outlet.close();
	await once(server, 'finish');
	outlet.check(1999);
	t.false(server.destroyed);
	outlet.check(2000);
	t.true(server.destroyed);
});

test('a client that takes nothing has as long as a resting one, and is cut then', async t => {
	const {server, outlet} = await open(t);
	while (server.writableLength === 0) {
		outlet.write(Buffer.alloc(128 * 1024));
		await new Promise(setImmediate);
	}
	outlet.close();
	outlet.check(4999);
	t.false(server.destroyed);
	outlet.check(5000);
	t.true(server.destroyed);
});

test('cutting lets go of the connection behind what has been written', async t => {
	const {client, server, outlet} = await open(t);
	outlet.write(Buffer.from('some'));
	outlet.cut();
	t.is(String(await readOctets(client, 4)), 'some');
	client.resume();
	await once(client, 'close');
	t.true(server.destroyed);
});
