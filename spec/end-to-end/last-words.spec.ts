import {fetchEither, versions} from '../helpers/either.js';
import {deadPort} from '../helpers/free-port.js';
import {test} from '../helpers/lanes.js';
import {startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const accept = 'text/html';

for (const version of versions) {
	test(`${version}: a refusal has the last words of the backend that refused`, async t => {
		const port = await deadPort(t);
		const asked: string[] = [];
		const tunnel = await startTunnel(t, port, {
			lastWords(label) {
				asked.push(label);
				return '\x1b[31mout of luck\x1b[0m';
			},
		});
		const {status, body} = await fetchEither(t, tunnel, version, {headers: {accept}});
		t.is(status, 502);
		t.regex(body, /<span class="f1">out of luck<\/span>/);
		t.deepEqual([...new Set(asked)], [`http://localhost:${port}`]);
	});

	test(`${version}: so has the answer for one that broke off`, async t => {
		const backend = await startScripted(t, ({socket}) => socket.destroy());
		const tunnel = await startTunnel(t, backend.port, {lastWords: () => 'and then it broke'});
		const {status, body} = await fetchEither(t, tunnel, version, {headers: {accept}});
		t.is(status, 502);
		t.regex(body, /and then it broke/);
	});

	test(`${version}: as many as there are, whole`, async t => {
		const words = `${'"<&>\''.repeat(4800)}the end`;
		const tunnel = await startTunnel(t, await deadPort(t), {lastWords: () => words});
		const {body, headers} = await fetchEither(t, tunnel, version, {headers: {accept}});
		t.regex(body, /&#39;the end<\/pre>/);
		t.is(Number(headers['content-length']), Buffer.byteLength(body, 'latin1'));
	});
}
