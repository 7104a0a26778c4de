import {once} from 'node:events';
import {createServer} from 'node:http';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {isThere, whereThereIs} from '../helpers/addresses.js';
import {startBackend} from '../helpers/backend.js';
import {type ListeningEvent, runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {laneFlags, onEachLane} from '../helpers/lanes.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const withCurl = onEachLane(needs('curl'));

/** Starts `sealport` before a backend, and asks it for a page as a person would. */
async function ask(t: ExecutionContext, backend: string): Promise<[string, ListeningEvent]> {
	const flags = ['--port', '0', '--wait', '0', '--json', ...laneFlags(t)];
	const sealport = runSealport(t, home, [backend, ...flags]);
	const listening = await sealport.listening();
	const {code, stdout, stderr} = await run('curl', [
		...['--silent', '--show-error', '--noproxy', '*', '--cacert', listening.ca ?? ''],
		`${listening.url}/page?q=1`,
	]);
	t.is(code, 0, stderr);
	return [stdout, listening];
}

const answers: Parameters<typeof startBackend>[1] = (request, response) => {
	response.end(`${request.url} for ${request.headers['x-forwarded-host']}`);
};

for (const [form, label] of [
	['PORT', 'http://localhost:PORT'],
	['localhost:PORT', 'http://localhost:PORT'],
	['http://127.0.0.1:PORT/base', 'http://127.0.0.1:PORT/base'],
] as const) {
	withCurl(`sealport ${form.replace('PORT', '3000')}`, async t => {
		const backend = await startBackend(t, answers);
		const [body, {routes, url}] = await ask(t, form.replace('PORT', String(backend.port)));
		const base = form.endsWith('/base') ? '/base' : '';
		t.is(body, `${base}/page?q=1 for ${new URL(url).host}`);
		t.deepEqual(routes, [{match: '/', backend: label.replace('PORT', String(backend.port))}]);
	});
}

withCurl('sealport unix:/path/to.sock', async t => {
	const path = join(temporaryDirectory(t), 'x.sock');
	const server = createServer(answers);
	t.teardown(() => {
		server.close();
		server.closeAllConnections();
	});
	server.listen(path);
	await once(server, 'listening');
	const [body, {routes}] = await ask(t, `unix:${path}`);
	t.regex(body, /^\/page\?q=1 for localhost:/);
	t.deepEqual(routes, [{match: '/', backend: `unix:${path}`}]);
});

for (const host of ['127.0.0.1', '::1']) {
	const declare = isThere(host) ? withCurl : onEachLane(whereThereIs(host));
	declare(`a backend that listens on ${host} alone is reached as localhost`, async t => {
		const backend = await startBackend(t, answers, host);
		const [body] = await ask(t, `localhost:${backend.port}`);
		t.regex(body, /^\/page\?q=1 for localhost:/);
	});
}

withCurl('a backend that is down is named, once, and again after it was up', async t => {
	const gone = await startBackend(t, answers);
	const {port} = gone;
	gone.server.close();
	await once(gone.server, 'close');
	const flags = ['--port', '0', '--wait', '0', ...laneFlags(t)];
	const sealport = runSealport(t, home, [String(port), ...flags]);
	await sealport.says(/https:\/\/\S+\n/);
	const page = () => run('curl', ['-s', '--insecure', '--noproxy', '*', sealport.stdout.trim()]);
	const warnings = () => sealport.stderr.match(/warning: backend .* refused/g)?.length ?? 0;
	t.regex((await page()).stdout, /refused the connection/);
	await page();
	await sealport.says(`backend http://localhost:${port} refused the connection: start it`);
	t.is(warnings(), 1);
	const server = createServer(answers).listen(port, '127.0.0.1');
	t.teardown(() => server.close());
	await once(server, 'listening');
	t.regex((await page()).stdout, /^\/ for/);
	server.closeAllConnections();
	server.close();
	await once(server, 'close');
	await page();
	await sealport.says(/(warning: backend[\s\S]*){2}/);
	t.is(warnings(), 2);
});
