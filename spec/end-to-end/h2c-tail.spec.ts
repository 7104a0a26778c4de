import test from 'ava';
import {fetchEither, versions} from '../helpers/either.js';
import {startRawHttp2Backend} from '../helpers/http2/backend.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {get} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {startTunnel} from '../helpers/tunnel.js';

test('trailers behind a body of no octets that has a length arrive', async t => {
	const backend = await startRawHttp2Backend(t);
	const client = await openRawHttp2(t, await startTunnel(t, backend.route));
	client.send(frame.headers(1, get()));
	const peer = await backend.peer();
	const {stream} = await backend.request(peer);
	peer.send(
		frame.headers(
			stream,
			[
				[':status', '200'],
				['content-length', '0'],
			],
			{endStream: false},
		),
		frame.headers(stream, [['grpc-status', '5']]),
	);
	const {trailers} = await client.response(1);
	t.deepEqual(trailers, [['grpc-status', '5']]);
});

for (const version of versions) {
	test(`${version}: a HEAD whose stream ends later is answered`, async t => {
		const backend = await startRawHttp2Backend(t);
		const tunnel = await startTunnel(t, backend.route);
		const answer = fetchEither(t, tunnel, version, {method: 'HEAD'});
		const peer = await backend.peer();
		const {stream} = await backend.request(peer);
		peer.send(
			frame.headers(
				stream,
				[
					[':status', '200'],
					['content-length', '7'],
				],
				{endStream: false},
			),
			frame.data(stream, '', {endStream: true}),
		);
		const {status, headers} = await answer;
		t.is(status, 200);
		t.is(headers['content-length'], '7');
	});
}
