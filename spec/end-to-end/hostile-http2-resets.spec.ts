import {openRawHttp2} from '../helpers/http2/client.js';
import {expectConnectionError} from '../helpers/http2/expect.js';
import {get, post} from '../helpers/http2/fields.js';
import {anyFrame, frame} from '../helpers/http2/frames.js';
import {largest} from '../helpers/http2/names.js';
import {besiege, flood, openFortress, siege} from '../helpers/http2/siege.js';

/** More than clients reset in one go, however many modules a page has. */
const bearable = 1100;
const streams = 10_000;

const open = (id: number) => frame.headers(id, post('/held'), {endStream: false});
const whole = (id: number) => frame.headers(id, get('/held'));

/** What makes a stream be reset, by its client or as an error that the client has provoked. */
const attacks: Record<string, (id: number) => readonly Buffer[]> = {
	'streams that are opened and reset': id => [whole(id), frame.reset(id)],
	'streams that are opened with a body to come, and reset': id => [open(id), frame.reset(id)],
	'WINDOW_UPDATE by nothing': id => [whole(id), frame.windowUpdate(id, 0)],
	'WINDOW_UPDATE beyond all bounds': id => [whole(id), frame.windowUpdate(id, largest)],
	'DATA on a stream that is half-closed': id => [whole(id), frame.data(id, 'a')],
	'PRIORITY of a wrong length': id => [whole(id), anyFrame('PRIORITY', 0, id, 'wrong')],
	'PRIORITY of six octets': id => [whole(id), anyFrame('PRIORITY', 0, id, 'longer')],
	'trailers without an end': id => [open(id), frame.headers(id, [['x', '1']], {endStream: false})],
	'HEADERS on a stream that is half-closed': id => [whole(id), whole(id)],
	'more DATA than content-length': id => [
		frame.headers(id, post('/held', ['content-length', '1']), {endStream: false}),
		frame.data(id, 'ab'),
	],
	'malformed requests': id => [frame.headers(id, get('/held', ['connection', 'close']))],
	'more streams than are allowed': id => [whole(id)],
};

for (const [what, attack] of Object.entries(attacks)) {
	siege(`${what}, ten thousand times: the connection is ended, and others are served`, async t => {
		t.timeout(120_000);
		const fortress = await openFortress(t, () => undefined);
		await besiege(t, fortress, async () => {
			const client = await openRawHttp2(t, fortress.wrapped, {
				keep: ({type}) => type === 'GOAWAY',
			});
			await flood(client, streams, index => Buffer.concat([...attack(2 * index + 1)]));
			await expectConnectionError(t, client, 'ENHANCE_YOUR_CALM');
		});
		await fortress.left(2);
		t.true(fortress.requests <= bearable, `${fortress.requests} requests reached the backend`);
	});
}

siege('a page of a thousand modules that is left costs nothing but its streams', async t => {
	const fortress = await openFortress(t, () => undefined);
	const client = await openRawHttp2(t, fortress.wrapped);
	for (let id = 1; id < 2000; id += 2) {
		client.send(whole(id), frame.reset(id));
	}
	client.send(frame.headers(2001, get('/good')));
	t.is((await client.response(2001)).status, 200);
});
