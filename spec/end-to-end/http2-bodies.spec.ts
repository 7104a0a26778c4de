import test from 'ava';
import {type Case, cases, served, stream} from '../helpers/http2/cases.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive, expectStreamError, settled} from '../helpers/http2/expect.js';
import {type Fields, get, post, request} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

const says = (length: number, endStream = false) =>
	frame.headers(1, post('/echo', ['content-length', String(length)]), {endStream});
const data = (text: string, padding?: number) =>
	frame.data(1, text, padding === undefined ? {} : {padding});
const last = (text: string, padding?: number) =>
	frame.data(1, text, padding === undefined ? {endStream: true} : {endStream: true, padding});
const trailers = frame.headers(1, [['x-sum', '1']]);
const disagrees = stream(1, 'PROTOCOL_ERROR');

cases(stage, [
	['8.1.1: as many octets as content-length says', served(), [says(4), last('body')]],
	['8.1.1: as many, in several frames', served(), [says(4), data('bo'), data('d'), last('y')]],
	['8.1.1: as many, and an empty frame', served(), [says(4), data('body'), last('')]],
	['8.1.1: as many, with padding', served(), [says(4), data('bo', 9), last('dy', 100)]],
	['8.1.1: as many, and trailers', served(), [says(4), data('body'), trailers]],
	['8.1.1: none, as said', served(), [says(0), last('')]],
	['8.1.1: none, as said, without DATA', served(), [says(0, true)]],
	...(
		[
			['one octet less than said', [says(4), last('bod')]],
			['less than said, in several frames', [says(4), data('b'), data('o'), last('')]],
			['less than said, made up for by padding', [says(4), last('bo', 2)]],
			['less than said, and trailers', [says(4), data('bod'), trailers]],
			['nothing, where something was said', [says(4), last('')]],
			['no DATA at all, where something was said', [says(4, true)]],
			['trailers only, where something was said', [says(4), trailers]],
			['one octet more than said', [says(4), last('body!')]],
			['more than said, before the end', [says(4), data('body!')]],
			['more than said, in a frame of its own', [says(4), data('body'), last('!')]],
			['something, where nothing was said', [says(0), last('b')]],
		] as const
	).map(([what, frames]): Case => [`8.1.1: ${what}`, disagrees, frames]),
]);

for (const [what, frames] of [
	['too short a body', [frame.data(1, 'bod', {endStream: true})]],
	['too long a body', [frame.data(1, 'body!', {endStream: true})]],
	['too short a body with trailers', [frame.data(1, 'bo'), trailers]],
] as const) {
	test(`8.1.1: a request with ${what} never looks complete to the backend`, async t => {
		const client = await openRawHttp2(t, stage().tunnel);
		const path = `/held?${encodeURIComponent(what)}`;
		client.send(frame.headers(1, post(path, ['content-length', '4']), {endStream: false}));
		const seen = await stage().seen(path);
		client.send(...frames);
		await expectStreamError(t, client, 1, 'PROTOCOL_ERROR');
		await seen.gone;
		t.false(seen.complete);
	});
}

test('8.1: trailers of a request reach the backend', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(
		frame.headers(1, post('/echo?trailers'), {endStream: false}),
		frame.data(1, 'body'),
		frame.headers(1, [['x-sum', '1']]),
	);
	t.is(String((await client.response(1)).body), 'body');
	t.is((await stage().seen('/echo?trailers')).request.trailers['x-sum'], '1');
});

test('8.1: trailers right behind the head', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, post('/echo?bare'), {endStream: false}), trailers);
	t.is(String((await client.response(1)).body), '');
	t.is((await stage().seen('/echo?bare')).request.trailers['x-sum'], '1');
});

for (const [what, fields] of [
	['a proper field', [['x-sum', '1']]],
	['another request', get('/within')],
] as ReadonlyArray<readonly [string, Fields]>) {
	test(`8.1: HEADERS with ${what} that do not end the stream are malformed`, async t => {
		const client = await openRawHttp2(t, stage().tunnel);
		client.send(
			frame.headers(1, post('/held'), {endStream: false}),
			frame.headers(1, fields, {endStream: false}),
		);
		await expectStreamError(t, client, 1, 'PROTOCOL_ERROR');
		t.false(stage().hasSeen('/within'));
	});
}

test('8.1: a body of many frames, of which some are empty, reaches the backend as one', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, post('/echo'), {endStream: false}));
	for (let part = 0; part < 40; part++) {
		client.send(data(''), data(`${part},`));
	}
	client.send(last(''));
	const text = Array.from({length: 40}, (_, part) => `${part},`).join('');
	t.is(String((await client.response(1)).body), text);
});

test('8.1: a request that is reset before its end is never complete', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, post('/held?reset'), {endStream: false}), data('half'));
	const seen = await stage().seen('/held?reset');
	client.send(frame.reset(1));
	await seen.gone;
	t.false(seen.complete);
	await expectAlive(t, client);
});

test('8.1: streams are answered in the order in which their responses come', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(
		frame.headers(1, get('/held?first')),
		frame.headers(3, post('/echo'), {endStream: false}),
		frame.headers(5, request('PUT', '/size/5')),
	);
	t.is((await client.response(5)).body.length, 5);
	client.send(frame.data(3, 'body', {endStream: true}));
	t.is(String((await client.response(3)).body), 'body');
	(await stage().seen('/held?first')).response.end('at last');
	t.is(String((await client.response(1)).body), 'at last');
	await settled(client);
});
