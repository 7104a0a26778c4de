import {mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {readBulkFile, writeBulkFile} from '../helpers/http2-clients/files.js';
import {assertWork, openStage} from '../helpers/http2-clients/stage.js';
import {half, moduleCount} from '../helpers/http2-clients/work.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

/**
 * How transfers end, and the version of the response: all is well, the reader of the output has left, it
 * became too slow before there was a response.
 */
const ends = {fine: '0 2', unwritable: '23 2', slow: '28 0'};

// curl speaks WebSocket over HTTP/1.1 only. It cancels a download when nobody takes its output any more,
// and an upload when that becomes slow, as it does after the half. It waits until all streams have ended.
needs('curl', 'mkfifo')('curl does all its work over one connection', async t => {
	const stage = await openStage(t);
	const {url, caFile} = stage.tunnel;
	const directory = temporaryDirectory(t);
	const at = (name: string) => join(directory, name);
	mkdirSync(at('modules'));
	await run('mkfifo', [at('fifo')]);
	await writeBulkFile(at('bulk'));
	const common = ['--silent', '--noproxy', '*', '--cacert', caFile, '--http2'];
	const told = ['--write-out', '%{exitcode} %{http_version} %{url_effective}\\n'];
	const transfers: readonly string[][] = [
		['--no-buffer', '--output', at('events'), `${url}/brief-events`],
		['--output', join(at('modules'), '#1'), `${url}/module-[0-${moduleCount - 1}].js`],
		['--output', at('answer'), '-X', 'POST', '--upload-file', at('bulk'), `${url}/upload`],
		['--output', at('download'), `${url}/download`],
		['--output', at('fifo'), `${url}/cancelled-download`],
		[
			...['--speed-limit', '3000000', '--speed-time', '3', '--output', at('nothing')],
			...['-X', 'POST', '--upload-file', at('bulk'), `${url}/cancelled-upload`],
		],
	];
	const args = transfers.flatMap(transfer => ['--next', ...common, ...told, ...transfer]);
	const reader = readBulkFile(at('fifo'), half);
	const {stdout, stderr} = await run('curl', ['--parallel', '--parallel-max', '100', ...args]);

	const lines = stdout.trim().split('\n');
	t.is(lines.length, moduleCount + 5, stderr);
	const odd = lines.filter(line => !line.startsWith(`${ends.fine} `)).sort();
	t.deepEqual(odd, [
		`${ends.unwritable} ${url}/cancelled-download`,
		`${ends.slow} ${url}/cancelled-upload`,
	]);
	const modules = readdirSync(at('modules')).map(name => readFileSync(join(at('modules'), name)));
	await assertWork(t, stage, {
		modules: modules.filter(text => text.includes('globalThis.ran')).length,
		uploaded: JSON.parse(readFileSync(at('answer'), 'utf8')).received,
		downloaded: await readBulkFile(at('download')),
		downloadedInPart: await reader,
		events: readFileSync(at('events'), 'utf8').split('data:').length - 1,
	});
});
