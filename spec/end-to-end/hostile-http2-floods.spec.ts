import type {ExecutionContext} from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectConnectionError} from '../helpers/http2/expect.js';
import {get, post} from '../helpers/http2/fields.js';
import {anyFrame, frame, type Settings} from '../helpers/http2/frames.js';
import {
	besiege,
	type Fortress,
	flood,
	openFortress,
	repeated,
	siege,
} from '../helpers/http2/siege.js';

/** Octets of a flood: far more than is let through. */
const size = 32 * 2 ** 20;

const upload = frame.headers(1, post('/held'), {endStream: false});
const settings: Settings = Array.from({length: 2730}, (_, index) => ['INITIAL_WINDOW_SIZE', index]);
const dictionary = Array.from({length: 2500}, (_, index) => `a${index}`).join();

interface Flood {
	/** What comes before. */
	readonly first?: readonly Buffer[];
	readonly frame: Buffer;
}

/** Frames that cost their sender next to nothing. */
const floods: Record<string, Flood> = {
	PING: {frame: frame.ping()},
	'acknowledgements of PING': {frame: frame.ping('nobody..', true)},
	'empty SETTINGS': {frame: frame.settings()},
	'SETTINGS that change all windows': {first: [upload], frame: frame.settings(settings)},
	'frames that nobody knows': {frame: anyFrame(0xaa, 0xff, 1)},
	PRIORITY: {frame: frame.priority(1, {dependsOn: 3})},
	PRIORITY_UPDATE: {frame: frame.priorityUpdate(1, 'u=1')},
	'empty DATA': {first: [upload], frame: frame.data(1, '')},
	'DATA of nothing but padding': {first: [upload], frame: frame.data(1, '', {padding: 0})},
	'RST_STREAM on a stream that is closed': {first: [upload], frame: frame.reset(1)},
	'empty CONTINUATION': {
		first: [frame.headers(1, get('/held'), {endHeaders: false})],
		frame: frame.continuation(1, Buffer.alloc(0), false),
	},
	'CONTINUATION of one octet': {
		first: [frame.headers(1, get('/held'), {endHeaders: false})],
		frame: frame.continuation(1, Buffer.alloc(1), false),
	},
	'CONTINUATION of the largest size': {
		first: [frame.headers(1, get('/held'), {endHeaders: false})],
		frame: frame.continuation(1, Buffer.alloc(16_384), false),
	},
};

async function endure(
	t: ExecutionContext,
	fortress: Fortress,
	{first = [], frame: one}: Flood,
	reads: boolean,
) {
	const client = await openRawHttp2(t, fortress.wrapped, {keep: ({type}) => type === 'GOAWAY'});
	client.send(...first);
	if (!reads) {
		client.socket.pause();
	}
	const piece = repeated(one);
	await flood(client, size / piece.length, () => piece);
	if (reads) {
		await expectConnectionError(t, client, 'ENHANCE_YOUR_CALM');
	}
	client.vanish();
}

for (const [what, each] of Object.entries(floods)) {
	siege(`a flood of ${what} ends the connection, read or not, and others are served`, async t => {
		t.timeout(120_000);
		const fortress = await openFortress(t, () => undefined);
		await besiege(t, fortress, async () => {
			await endure(t, fortress, each, true);
			await endure(t, fortress, each, false);
		});
		await fortress.left(2);
	});
}

/** Of these much is let through, as it does no harm: a fast download needs many WINDOW_UPDATE. */
const borne: Record<string, Flood> = {
	'WINDOW_UPDATE of the connection': {frame: frame.windowUpdate(0, 1)},
	'WINDOW_UPDATE of a stream': {first: [upload], frame: frame.windowUpdate(1, 1)},
	'PRIORITY_UPDATE of thousands of members': {
		first: [upload],
		frame: frame.priorityUpdate(1, dictionary),
	},
	'WINDOW_UPDATE of a stream that is closed': {
		first: [upload, frame.reset(1)],
		frame: frame.windowUpdate(1, 1),
	},
};

for (const [what, {first = [], frame: one}] of Object.entries(borne)) {
	siege(`a flood of ${what} does no harm, and others are served`, async t => {
		t.timeout(120_000);
		const fortress = await openFortress(t, () => undefined);
		await besiege(t, fortress, async () => {
			const client = await openRawHttp2(t, fortress.wrapped, {keep: () => false});
			client.send(...first);
			const piece = repeated(one);
			await flood(client, size / piece.length, () => piece);
			client.vanish();
		});
	});
}
