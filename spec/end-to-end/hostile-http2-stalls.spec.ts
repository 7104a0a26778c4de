import {once} from 'node:events';
import type {RequestListener} from 'node:http';
import {setTimeout as pause} from 'node:timers/promises';
import {type Http2Client, openRawHttp2} from '../helpers/http2/client.js';
import {get, post} from '../helpers/http2/fields.js';
import {frame, type Settings} from '../helpers/http2/frames.js';
import {largest} from '../helpers/http2/names.js';
import {besiege, type Fortress, openFortress, siege} from '../helpers/http2/siege.js';
import {until} from '../helpers/until.js';

const mebibyte = Buffer.alloc(2 ** 20, 'm');

/** Sends without end, as fast as it is taken. */
const endless: RequestListener = (_request, response) => {
	const more = () => {
		while (!response.destroyed && response.write(mebibyte)) {
			/* on */
		}
	};
	response.on('drain', more);
	more();
};

const closed: Settings = [['INITIAL_WINDOW_SIZE', 0]];

/** As many as may be open at a time. */
const ids = Array.from({length: 128}, (_, index) => 2 * index + 1);

const asks = (client: Http2Client) =>
	client.send(...ids.map(id => frame.headers(id, get('/endless'))));

/** Until the requests are there, and everything stands still. */
async function stalled(fortress: Fortress, requests: number): Promise<void> {
	await until('the backend has the requests', () => fortress.requests >= requests);
	await pause(1000);
}

/** What 128 streams may leave behind in the process, in MiB. */
const bound = 64;

siege(
	'128 large responses that the client has closed all windows for stay with the backend',
	async t => {
		t.timeout(120_000);
		const fortress = await openFortress(t, endless);
		await besiege(
			t,
			fortress,
			async () => {
				const client = await openRawHttp2(t, fortress.wrapped, {settings: closed});
				asks(client);
				await stalled(fortress, ids.length);
				client.vanish();
			},
			bound,
		);
		await fortress.left();
	},
);

siege(
	'128 large responses that the client allows and does not read stay with the backend',
	async t => {
		t.timeout(120_000);
		const fortress = await openFortress(t, endless);
		await besiege(
			t,
			fortress,
			async () => {
				const client = await openRawHttp2(t, fortress.wrapped, {wide: true});
				client.socket.pause();
				asks(client);
				await stalled(fortress, ids.length);
				client.vanish();
			},
			bound,
		);
		await fortress.left();
	},
);

siege('windows that are opened octet by octet do no harm', async t => {
	t.timeout(120_000);
	const fortress = await openFortress(t, endless);
	await besiege(
		t,
		fortress,
		async () => {
			const client = await openRawHttp2(t, fortress.wrapped, {settings: closed, keep: () => false});
			asks(client);
			await stalled(fortress, ids.length);
			for (let time = 0; time < 100; time++) {
				client.send(...ids.map(id => frame.windowUpdate(id, 1)));
				await pause(5);
			}
			client.vanish();
		},
		bound,
	);
});

siege('all windows are closed and opened by SETTINGS in the midst, again and again', async t => {
	t.timeout(120_000);
	const fortress = await openFortress(t, endless);
	await besiege(
		t,
		fortress,
		async () => {
			const client = await openRawHttp2(t, fortress.wrapped, {keep: () => false});
			asks(client);
			client.send(frame.windowUpdate(0, largest - 65_535));
			await stalled(fortress, ids.length);
			for (let time = 0; time < 50; time++) {
				client.send(
					frame.settings(closed),
					frame.settings([['INITIAL_WINDOW_SIZE', 70_000 + time]]),
				);
				await pause(20);
			}
			client.vanish();
		},
		bound,
	);
});

siege('uploads to backends that read nothing are held back', async t => {
	t.timeout(120_000);
	const fortress = await openFortress(t, request => void request.socket.pause());
	await besiege(
		t,
		fortress,
		async () => {
			const client = await openRawHttp2(t, fortress.wrapped);
			const opened = await client.next({type: 'SETTINGS'});
			t.true(opened.payload.length > 0);
			const piece = Buffer.alloc(16_384, 'u');
			for (const id of ids) {
				client.send(
					frame.headers(id, post('/upload'), {endStream: false}),
					...Array.from({length: 4}, () => frame.data(id, piece.subarray(0, 16_000))),
				);
			}
			await stalled(fortress, ids.length);
			client.vanish();
		},
		bound,
	);
});

siege('one stalled stream does not hold up the others of its connection', async t => {
	t.timeout(120_000);
	const fortress = await openFortress(t, (request, response) => {
		if (request.url === '/endless') {
			endless(request, response);
		} else {
			response.end(mebibyte);
		}
	});
	const client = await openRawHttp2(t, fortress.wrapped, {wide: true, settings: closed});
	client.send(frame.headers(1, get('/endless')));
	await stalled(fortress, 1);
	for (let id = 3; id < 20; id += 2) {
		client.send(frame.headers(id, get('/large')), frame.windowUpdate(id, largest));
		t.is((await client.response(id)).body.length, mebibyte.length);
	}
	t.false(client.frames.some(({type, stream}) => type === 'DATA' && stream === 1));
	client.send(frame.windowUpdate(1, 10));
	t.is((await client.next({type: 'DATA', stream: 1})).payload.length, 10);
	client.socket.end();
	await once(client.socket, 'close');
});
