import test from 'ava';
import {fetchEither, versions} from './helpers/either.js';
import {startTunnel} from './helpers/tunnel.js';

const wrong: ReadonlyArray<() => unknown> = [
	() => {
		throw new Error('wrong');
	},
	() => 5,
];

for (const version of versions) {
	for (const lastWords of wrong) {
		test(`${version}: a failure is told although lastWords is wrong (${lastWords})`, async t => {
			const options = {lastWords: lastWords as () => string, lane: 'wire'} as const;
			const tunnel = await startTunnel(t, '127.0.0.1:1', options);
			t.is((await fetchEither(t, tunnel, version)).status, 502);
		});
	}
}
