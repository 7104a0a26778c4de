import type {ExchangeReport} from '../../lib/forward/seams.js';
import {startBackend} from '../helpers/backend.js';
import {fetchEither, versions} from '../helpers/either.js';
import {test} from '../helpers/lanes.js';
import {startTunnel} from '../helpers/tunnel.js';

for (const version of versions) {
	for (const [method, body] of [
		['GET', undefined],
		['HEAD', undefined],
		['POST', 'hello'],
	] as const) {
		test(`${version}: a ${method} that went well is reported as complete`, async t => {
			const {port} = await startBackend(t, (request, response) => {
				request.resume().on('end', () => response.end('ok'));
			});
			const tunnel = await startTunnel(t, `127.0.0.1:${port}`);
			const reported = new Promise<ExchangeReport>(resolve => tunnel.once('exchange', resolve));
			await fetchEither(t, tunnel, version, {
				method,
				path: '/x',
				...(body === undefined ? {} : {body}),
			});
			t.like(await reported, {
				version,
				method,
				target: '/x',
				status: 200,
				complete: true,
				failure: undefined,
			});
		});
	}
}
