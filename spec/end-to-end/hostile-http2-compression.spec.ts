import {type Http2Client, openRawHttp2} from '../helpers/http2/client.js';
import {expectConnectionError} from '../helpers/http2/expect.js';
import {
	fieldBlock,
	get,
	indexed,
	integer,
	literal,
	post,
	tableSize,
} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {besiege, type Fortress, openFortress, siege} from '../helpers/http2/siege.js';
import {until} from '../helpers/until.js';

/** A block over as many frames as it takes. */
function headers(id: number, block: Buffer): Buffer {
	const size = 16_384;
	const parts = Array.from({length: Math.ceil(block.length / size)}, (_, index) =>
		block.subarray(index * size, (index + 1) * size),
	);
	return Buffer.concat(
		parts.map((part, index) => {
			const endHeaders = index === parts.length - 1;
			return index === 0
				? frame.headers(id, part, {endHeaders})
				: frame.continuation(id, part, endHeaders);
		}),
	);
}

/** As many copies of what one octet stands for as a block may have. */
const copies = (block: Buffer, index: number) =>
	Buffer.concat([block, Buffer.alloc(60_000, indexed(index))]);

const start = fieldBlock(get('/good'));

/** How often a bomb is set off. */
const times = 100;

async function alive(client: Http2Client, id: number): Promise<number> {
	client.send(frame.headers(id, get('/good')));
	return (await client.response(id)).status;
}

/** Blocks that stand for far more than they are: what comes before, and the bomb itself. */
const bombs: Record<string, [first: Buffer, bomb: Buffer]> = {
	'a large field of the dynamic table, sixty thousand times': [
		Buffer.concat([start, literal('x', 'b'.repeat(4000), 'indexing')]),
		copies(start, 62),
	],
	'a field of the static table, sixty thousand times': [start, copies(start, 16)],
	'a cookie crumb, sixty thousand times': [
		Buffer.concat([start, literal('cookie', 'a=b', 'indexing')]),
		copies(start, 62),
	],
	'empty fields': [
		start,
		Buffer.concat([start, ...Array.from({length: 15_000}, () => literal('x', ''))]),
	],
	'strings that are longer once they are decoded': [
		start,
		Buffer.concat([start, literal('x', '0'.repeat(90_000), 'plain', true)]),
	],
	'fields that push each other out of the table': [
		start,
		Buffer.concat([
			start,
			...Array.from({length: 20}, (_, index) =>
				literal('x', String(index).repeat(1000), 'indexing'),
			),
			...Array.from({length: 2000}, (_, index) => literal(`y${index}`, '', 'indexing')),
		]),
	],
};

for (const [what, [first, bomb]] of Object.entries(bombs)) {
	siege(`${what}: the request is refused each time, and others are served`, async t => {
		t.timeout(120_000);
		const fortress = await openFortress(t, () => undefined);
		await besiege(t, fortress, async () => {
			const client = await openRawHttp2(t, fortress.wrapped, {wide: true});
			client.send(frame.headers(1, first));
			t.is((await client.response(1)).status, 200);
			for (let id = 3; id < 2 * times; id += 2) {
				client.send(headers(id, bomb));
				t.is((await client.response(id)).status, 431);
			}
			t.is(await alive(client, 2 * times + 1), 200, 'the table is what its client takes it for');
			client.vanish();
		});
		t.is(fortress.requests, 0);
	});
}

const closing: Record<string, Buffer> = {
	'a reference to what has been pushed out': Buffer.concat([
		start,
		literal('x', 'b'.repeat(5000), 'indexing'),
		indexed(62),
	]),
	'a reference to what a smaller table has lost': Buffer.concat([
		tableSize(0),
		tableSize(4096),
		start,
		indexed(62),
	]),
	'a table that is larger than it may be': Buffer.concat([tableSize(4097), start]),
	'a table beyond all numbers': Buffer.concat([integer(2 ** 45, 5, 0x20), start]),
	'a change of the table in the midst': Buffer.concat([start, tableSize(0)]),
	'an index beyond all numbers': Buffer.from([0xff, ...Array(40).fill(0xff), 0x01]),
	'a string that is longer than its block': Buffer.concat([start, Buffer.from([0x00, 0x7f, 0x61])]),
	'a length beyond all numbers': Buffer.concat([
		start,
		Buffer.from([0x00, 0x7f, ...Array(20).fill(0xff), 0x01]),
	]),
};

for (const [what, block] of Object.entries(closing)) {
	siege(`${what}: the connection is ended, and uploads are not taken for complete`, async t => {
		t.timeout(60_000);
		let ended = 0;
		const fortress = await openFortress(t, request => {
			request.on('end', () => ended++);
			request.resume();
		});
		const client = await openRawHttp2(t, fortress.wrapped);
		const first = Buffer.concat([fieldBlock(post('/upload')), literal('x', '1', 'indexing')]);
		client.send(frame.headers(1, first, {endStream: false}), frame.data(1, 'half'));
		await until('the backend has the upload', () => fortress.requests === 1);
		client.send(frame.headers(3, block));
		await expectConnectionError(t, client, 'COMPRESSION_ERROR');
		await fortress.left();
		t.deepEqual([fortress.requests, ended], [1, 0]);
	});
}

siege(
	'tables that are resized in the midst of uploads are followed, and nothing else is changed',
	async t => {
		t.timeout(60_000);
		const seen: string[] = [];
		const fortress: Fortress = await openFortress(t, (request, response) => {
			let body = '';
			request.setEncoding('latin1').on('data', text => {
				body += text;
			});
			request.on('end', () => {
				seen.push(`${request.url} ${request.headers.x} ${body}`);
				response.end('ok');
			});
		});
		const client = await openRawHttp2(t, fortress.wrapped);
		client.send(frame.headers(1, post('/upload', ['x', 'first']), {endStream: false}));
		for (let round = 0; round < 50; round++) {
			const id = 3 + 2 * round;
			const size = [0, 60, 4096, 100, 66][round % 5] ?? 0;
			const block = Buffer.concat([
				tableSize(0),
				tableSize(size),
				fieldBlock(get(`/small/${round}`)),
				literal('x', `r${round}`, 'indexing'),
			]);
			client.send(frame.data(1, `${round},`), frame.headers(id, block));
			t.is((await client.response(id)).status, 200);
		}
		const again = Buffer.concat([
			tableSize(4096),
			fieldBlock(get('/again')),
			literal('x', 'kept', 'indexing'),
		]);
		client.send(frame.headers(201, again));
		t.is((await client.response(201)).status, 200);
		client.send(frame.headers(203, Buffer.concat([fieldBlock(get('/again')), indexed(62)])));
		t.is((await client.response(203)).status, 200);
		client.send(frame.data(1, 'end', {endStream: true}));
		t.is((await client.response(1)).status, 200);
		const rounds = Array.from({length: 50}, (_, round) => round);
		t.deepEqual(seen, [
			...rounds.map(round => `/small/${round} r${round} `),
			'/again kept ',
			'/again kept ',
			`/upload first ${rounds.join()},end`,
		]);
	},
);

siege('a table that is resized thousands of times in one block costs nothing', async t => {
	t.timeout(60_000);
	const fortress = await openFortress(t, () => undefined);
	await besiege(t, fortress, async () => {
		const client = await openRawHttp2(t, fortress.wrapped);
		const resizes = Array.from({length: 4000}, () =>
			Buffer.concat([tableSize(0), tableSize(4096)]),
		);
		for (let id = 1; id < 200; id += 2) {
			client.send(headers(id, Buffer.concat([...resizes, start])));
			t.is((await client.response(id)).status, 200);
		}
		client.vanish();
	});
});
