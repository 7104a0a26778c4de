import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {type ClientHttp2Session, connect} from 'node:http2';
import {request} from 'node:https';
import {startBackend} from '../helpers/backend.js';
import {runSealport} from '../helpers/cli.js';
import {fetchHttp2} from '../helpers/fetch.js';
import {laneFlags, test} from '../helpers/lanes.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

function fetchOnce(port: number, ca: string): Promise<void> {
	return new Promise((resolve, reject) => {
		request({host: 'localhost', port, ca, agent: false}, response =>
			response.resume().once('end', resolve),
		)
			.once('error', reject)
			.end();
	});
}

test('a hundred requests bring no warning of Node to the user', async t => {
	const {port} = await startBackend(t, (incoming, response) => incoming.pipe(response));
	const home = temporaryDirectory(t);
	const flags = ['--port', '0', '--json', '--quiet', ...laneFlags(t)];
	const run = runSealport(t, home, [`127.0.0.1:${port}`, ...flags]);
	const listening = await run.listening();
	const ca = await readFile(listening.ca ?? '', 'utf8');
	const session: ClientHttp2Session = connect(`https://localhost:${listening.port}`, {ca});
	t.teardown(() => session.destroy());
	await once(session, 'connect');
	for (let round = 0; round < 25; round++) {
		await Promise.all([
			fetchHttp2(session, {':path': '/'}),
			fetchHttp2(session, {':path': '/', ':method': 'POST'}, 'hello'),
			fetchOnce(listening.port, ca),
			fetchOnce(listening.port, ca),
		]);
	}
	session.close();
	run.child.kill('SIGTERM');
	t.is(await run.ended, 143);
	t.is(run.stderr, '');
});
