import {openRawHttp2} from '../helpers/http2/client.js';
import {get, post} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {besiege, flood, openFortress, repeated, siege} from '../helpers/http2/siege.js';

const open = (id: number) => frame.headers(id, post('/upload'), {endStream: false});

/** How many octets a stream may send to a backend that takes none: less than its window. */
const octets = 60_000;

siege('60,000 DATA frames of one octet reach a backend that reads late, in order', async t => {
	t.timeout(120_000);
	let body = '';
	const fortress = await openFortress(t, (request, response) => {
		request.setEncoding('latin1').on('data', (text: string) => {
			body += text;
		});
		request.pause();
		setTimeout(() => request.resume(), 1000);
		request.on('end', () => response.end('ok'));
	});
	await besiege(t, fortress, async () => {
		const client = await openRawHttp2(t, fortress.wrapped);
		client.send(open(1));
		for (let sent = 0; sent < octets; sent += 1000) {
			client.send(
				...Array.from({length: 1000}, (_, index) => frame.data(1, String((sent + index) % 10))),
			);
		}
		client.send(frame.data(1, '', {endStream: true}));
		t.is((await client.response(1)).status, 200);
		t.true(body === '0123456789'.repeat(octets / 10));
	});
});

siege('60,000 DATA frames of one octet for a backend that reads nothing do no harm', async t => {
	t.timeout(120_000);
	const fortress = await openFortress(t, request => void request.socket.pause());
	await besiege(t, fortress, async () => {
		const client = await openRawHttp2(t, fortress.wrapped);
		client.send(open(1));
		const piece = repeated(frame.data(1, 'x'), 10_000);
		await flood(client, octets / 1000, () => piece);
		client.send(frame.headers(3, get('/good')));
		t.is((await client.response(3)).status, 200, 'the same client goes on');
	});
});

siege('DATA of one octet for a hundred such backends does no harm', async t => {
	t.timeout(120_000);
	const fortress = await openFortress(t, request => void request.socket.pause());
	await besiege(t, fortress, async () => {
		const client = await openRawHttp2(t, fortress.wrapped);
		const ids = Array.from({length: 100}, (_, index) => 2 * index + 1);
		client.send(...ids.map(open));
		const piece = Buffer.concat(ids.flatMap(id => Array(16).fill(frame.data(id, 'x'))));
		await flood(client, 100, () => piece);
		client.send(frame.headers(201, get('/good')));
		t.is((await client.response(201)).status, 200, 'the same client goes on');
		client.vanish();
	});
});
