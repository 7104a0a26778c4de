import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {readBulkFile, writeBulkFile} from '../helpers/http2-clients/files.js';
import {assertWork, openStage} from '../helpers/http2-clients/stage.js';
import {size} from '../helpers/http2-clients/work.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

/** What nghttp writes down of its exchanges (HTTP Archive). */
interface Archive {
	readonly log: {
		readonly entries: ReadonlyArray<{
			readonly request: {readonly url: string; readonly method: string};
			readonly response: {readonly status: number; readonly content: {readonly size: number}};
		}>;
	};
}

// nghttp gives up whole connections only, and knows no WebSocket. The page that it is to load is the
// answer to its upload, because whatever it is told to ask for gets the same method and body.
needs('nghttp', 'sh')('nghttp does all its work over one connection', async t => {
	const stage = await openStage(t);
	const {url} = stage.tunnel;
	const directory = temporaryDirectory(t);
	const at = (name: string) => join(directory, name);
	await writeBulkFile(at('bulk'));
	const args = ['--null-out', '--get-assets', '--har', at('archive'), '--data', at('bulk')];
	const first = await run('nghttp', [...args, `${url}/assets`]);
	t.is(first.code, 0, first.stderr);
	const {log} = JSON.parse(readFileSync(at('archive'), 'utf8')) as Archive;
	const came = log.entries.filter(({response}) => response.status === 200);
	const ofPath = (path: RegExp) => came.filter(({request}) => path.test(request.url));

	// The archive has the bytes, but not what they were. Another run writes them out.
	const script = 'exec nghttp "$0" >"$1"';
	const second = await run('sh', ['-c', script, `${url}/download`, at('download')]);
	t.is(second.code, 0, second.stderr);
	t.is(await readBulkFile(at('download')), size);
	await assertWork(
		t,
		stage,
		{
			modules: ofPath(/module-\d+\.js$/).length,
			uploaded: stage.seen.uploads[0] ?? 0,
			downloaded: ofPath(/download$/)[0]?.response.content.size ?? 0,
			events: ofPath(/brief-events$/)[0]?.response.content.size ?? 0,
		},
		2,
	);
});
