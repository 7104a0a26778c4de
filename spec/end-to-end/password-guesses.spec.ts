import {Agent} from 'node:https';
import ava, {type ExecutionContext} from 'ava';
import type {ServeOptions, Tunnel} from '../../lib/index.js';
import type {Version} from '../helpers/either.js';
import {versions} from '../helpers/either.js';
import {fetchHttp1, fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {startRecording} from '../helpers/recording-backend.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

interface Answered {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

type Ask = (headers: Record<string, string>, path?: string) => Promise<Answered>;

/** Sends requests over few connections, at once. */
async function openAsking(t: ExecutionContext, tunnel: Tunnel, version: Version): Promise<Ask> {
	if (version === 'HTTP/2') {
		const session = await openHttp2(t, tunnel);
		return (headers, path = '/') => fetchHttp2(session, {':path': path, ...headers});
	}
	const agent = new Agent({keepAlive: true, maxSockets: 20});
	t.teardown(() => agent.destroy());
	return (headers, path = '/') => fetchHttp1(tunnel, path, {agent, headers});
}

async function start(t: ExecutionContext, options: Partial<ServeOptions>) {
	t.timeout(180_000);
	const backend = await startRecording(t);
	const tunnel = await startTunnel(t, backend.port, options);
	const h1 = await openAsking(t, tunnel, 'HTTP/1.1');
	const h2 = await openAsking(t, tunnel, 'HTTP/2');
	return {backend, tunnel, ask: {'HTTP/1.1': h1, 'HTTP/2': h2}};
}

/** Sends guesses over both versions at once. @returns how many were compared, and how many could have been */
async function guess(
	ask: Readonly<Record<Version, Ask>>,
	count: number,
	headersFor: (index: number) => Record<string, string>,
	pathFor: (index: number) => string = () => '/',
) {
	const began = performance.now();
	const answers = await Promise.all(
		Array.from({length: count}, (_, index) =>
			ask[versions[index % 2] ?? 'HTTP/2'](headersFor(index), pathFor(index)),
		),
	);
	const compared = answers.filter(({status}) => status === 401).length;
	const slowed = answers.filter(({status}) => status === 429);
	const most = 10 + Math.ceil((performance.now() - began) / 1000);
	return {compared, slowed, most};
}

ava('of a thousand passwords tried at once, ten are compared and one more each second', async t => {
	const {ask, backend, tunnel} = await start(t, {auth: 'alice:right', token: true});
	const link = tunnel.link ?? '';
	const followed = await ask['HTTP/2']({}, link.slice(link.indexOf('/?')));
	const [cookie = ''] = String(followed.headers['set-cookie']).split(';');
	let right = 0;
	const {compared, slowed, most} = await guess(ask, 1000, index => {
		// Among them is the right one, which no one is to learn of.
		const isRight = index === 900;
		right += Number(isRight);
		return {authorization: basic(isRight ? 'alice:right' : `alice:${index}`)};
	});
	t.is(right, 1);
	t.true(compared >= 10 && compared <= most, `${compared} of at most ${most}`);
	t.true(slowed.length >= 1000 - most - 1);
	t.true(slowed.every(({headers}) => headers['retry-after'] === '1'));
	t.true(slowed.every(({headers}) => headers['sealport-error'] === 'too-many-tries'));
	t.is((tunnel.refusals.get('auth') ?? 0) + Number(backend.received.includes('GET / ')), 1000);

	// While it goes on, the cookie and the token that was made here do.
	const attack = guess(ask, 200, index => ({authorization: basic(`alice:again-${index}`)}));
	for (const version of versions) {
		t.is((await ask[version]({cookie}, '/cookie')).status, 200);
		const authorization = `Bearer ${link.split('=')[1]}`;
		t.is((await ask[version]({authorization}, '/bearer')).status, 200);
	}
	await attack;

	// Afterwards, the right password waits a second.
	await until('it is let in again', async () => {
		const {status} = await ask['HTTP/1.1']({authorization: basic('alice:right')}, '/later');
		t.true([200, 429].includes(status));
		return status === 200;
	});
	t.is(backend.received.split('GET /later').length, 2);
});

ava('a token that a person chose is guessed no faster, by header or by link', async t => {
	const token = 'chosen-by-a-person';
	const {ask, backend} = await start(t, {token});
	const {compared, slowed, most} = await guess(
		ask,
		400,
		(index): Record<string, string> =>
			index % 4 < 2 ? {authorization: `Bearer ${token}${index}`} : {},
		index => (index % 4 < 2 ? '/' : `/?sealport-token=${token}${index}`),
	);
	t.true(compared >= 10 && compared <= most, `${compared} of at most ${most}`);
	t.is(compared + slowed.length, 400);
	t.is(backend.received, '');
});

ava('stale cookies and missing credentials shut out nobody', async t => {
	const {ask, tunnel} = await start(t, {token: 'chosen-by-a-person', auth: 'alice:right'});
	const cookie = `__Host-sealport-${tunnel.port}=stale`;
	const {compared} = await guess(
		ask,
		100,
		(index): Record<string, string> => (index % 4 < 2 ? {cookie} : {}),
	);
	t.is(compared, 100);
	t.is((await ask['HTTP/2']({authorization: basic('alice:right')})).status, 200);
});
