import {once} from 'node:events';
import test from 'ava';
import {protocols, readOctets, tlsPair} from './tls-pair.js';

/*
 * What the wire lane rests on, and Node does not promise: bytes that are written to a TLS socket while
 * nothing is queued are encrypted within the call, so that their memory can be used again at once. Where
 * this fails, `downstream/outlet.ts` has to copy.
 */

const sizes = [1, 1000, 16 * 1024, 64 * 1024, 128 * 1024];

/** Bytes that differ from round to round and from place to place. */
function pattern(size: number, round: number): Buffer {
	const bytes = Buffer.allocUnsafeSlow(size);
	for (let index = 0; index < size; index++) {
		bytes[index] = (index * 31 + (index >> 8) + round * 7) & 0xff;
	}
	return bytes;
}

for (const protocol of protocols) {
	for (const size of sizes) {
		test(`${protocol}: memory of ${size} octets is free once it is written`, async t => {
			const {client, server} = await tlsPair(t, protocol);
			const memory = Buffer.allocUnsafeSlow(size);
			for (let round = 0; round < 20; round++) {
				const bytes = pattern(size, round);
				bytes.copy(memory);
				t.is(server.writableLength, 0);
				server.write(memory);
				memory.fill('!');
				t.true((await readOctets(client, size)).equals(bytes));
				if (server.writableLength > 0) {
					await once(server, 'drain');
				}
			}
		});
	}

	test(`${protocol}: memory is free even if the client takes nothing for now`, async t => {
		const {client, server} = await tlsPair(t, protocol);
		const size = 128 * 1024;
		const memory = Buffer.allocUnsafeSlow(size);
		for (let time = 0; time < 3; time++) {
			const written: Buffer[] = [];
			// Until the system takes no more: the last ones are encrypted, and cannot be sent.
			while (server.writableLength === 0) {
				const bytes = pattern(size, written.length + time);
				written.push(bytes);
				bytes.copy(memory);
				server.write(memory);
				memory.fill('!');
				await new Promise(setImmediate);
			}
			t.true(server.writableLength > 0);
			memory.fill('?');
			const drained = once(server, 'drain');
			const all = Buffer.concat(written);
			t.true((await readOctets(client, all.length)).equals(all));
			await drained;
		}
	});

	test(`${protocol}: memory is free where small and large writes follow one another`, async t => {
		const {client, server} = await tlsPair(t, protocol);
		const memory = Buffer.allocUnsafeSlow(128 * 1024);
		const written: Buffer[] = [];
		for (let round = 0; round < 12 && server.writableLength === 0; round++) {
			for (const size of [5, 128 * 1024, 300]) {
				if (server.writableLength === 0) {
					const bytes = pattern(size, round);
					written.push(bytes);
					bytes.copy(memory);
					server.write(memory.subarray(0, size));
					memory.fill('!');
				}
			}
		}
		const all = Buffer.concat(written);
		t.true((await readOctets(client, all.length)).equals(all));
	});
}
