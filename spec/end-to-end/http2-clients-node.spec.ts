import {once} from 'node:events';
import {connect} from 'node:http2';
import test from 'ava';
import {webSocketOver} from '../helpers/http2-clients/frames.js';
import * as client from '../helpers/http2-clients/node.js';
import {assertWork, openStage} from '../helpers/http2-clients/stage.js';
import {moduleCount} from '../helpers/http2-clients/work.js';
import {until} from '../helpers/until.js';

const names = Array.from({length: moduleCount}, (_, index) => `/module-${index}.js`);

test("Node's client does all its work over one connection, and a WebSocket, too", async t => {
	const stage = await openStage(t);
	const {url, ca} = stage.tunnel;
	const session = connect(url, {ca});
	t.teardown(() => session.destroy());
	await once(session, 'remoteSettings');
	t.true(session.remoteSettings.enableConnectProtocol);

	const stream = await client.answered(session.request({':path': '/events'}));
	let events = 0;
	stream.setEncoding('utf8').on('data', (text: string) => {
		events += text.split('data:').length - 1;
	});
	const nextEvent = (when: string) => {
		const before = events;
		return until(`an event ${when}`, () => events > before);
	};
	const tunnel = session.request({
		':method': 'CONNECT',
		':protocol': 'websocket',
		':path': '/echo',
		'sec-websocket-version': '13',
	});
	const ask = webSocketOver(await client.answered(tunnel));
	const messages = ['beside the page', 'after what was cancelled', 'after all'];
	const answers: string[] = [];

	const modules = await Promise.all(names.map(name => client.get(session, name)));
	answers.push(await ask('beside the page'));
	const whole = Promise.all([client.upload(session), client.download(session)]);
	const [downloadedInPart] = await Promise.all([
		client.cancelDownload(session),
		client.cancelUpload(session),
	]);
	answers.push(await ask('after what was cancelled'));
	await nextEvent('after what was cancelled');
	const [uploaded, downloaded] = await whole;
	answers.push(await ask('after all'));
	await nextEvent('after all');

	t.deepEqual(answers, messages);
	t.false(stream.closed);
	t.false(tunnel.closed);
	await assertWork(t, stage, {
		modules: modules.filter(text => text.includes('globalThis.ran')).length,
		uploaded,
		downloaded,
		downloadedInPart,
		events,
		echoes: answers.length,
	});
});
