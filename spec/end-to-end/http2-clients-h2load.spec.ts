import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {writeBulkFile} from '../helpers/http2-clients/files.js';
import {assertWork, openStage} from '../helpers/http2-clients/stage.js';
import {moduleCount, size} from '../helpers/http2-clients/work.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

/** The numbers in the line of h2load's summary that begins with this. */
function figures(summary: string, line: string): readonly number[] {
	const found = summary.split('\n').find(text => text.startsWith(line)) ?? '';
	return Array.from(found.matchAll(/\b\d+\b/g), ([number]) => Number(number));
}

// h2load counts what comes and does not look at it, cancels nothing and knows no WebSocket. It sends the
// same body with every request of a run, which is why the upload has a run, and a connection, of its own.
needs('h2load')('h2load does all its work over one connection, but for the upload', async t => {
	const stage = await openStage(t);
	const {url} = stage.tunnel;
	const directory = temporaryDirectory(t);
	const at = (name: string) => join(directory, name);
	const names = Array.from({length: moduleCount}, (_, index) => `module-${index}.js`);
	const paths = ['brief-events', 'download', ...names];
	writeFileSync(at('list'), paths.map(path => `${url}/${path}\n`).join(''));
	await writeBulkFile(at('bulk'));
	const one = ['--clients', '1', '--max-concurrent-streams', '100'];
	const page = await run('h2load', [
		...[...one, '--requests', String(paths.length), '--input-file', at('list')],
	]);
	// total, started, done, succeeded, failed, errored, timeout
	const all = [paths.length, paths.length, paths.length, paths.length, 0, 0, 0];
	t.deepEqual(figures(page.stdout, 'requests:'), all, page.stdout);
	const bytes = figures(page.stdout, 'traffic:').at(-1) ?? 0;
	t.true(bytes > size, page.stdout);

	const bulk = ['--requests', '1', '--data', at('bulk'), `${url}/upload`];
	const upload = await run('h2load', [...one, ...bulk]);
	t.deepEqual(figures(upload.stdout, 'requests:'), [1, 1, 1, 1, 0, 0, 0], upload.stdout);
	await assertWork(
		t,
		stage,
		{
			modules: stage.seen.modules.size,
			uploaded: stage.seen.uploads[0] ?? 0,
			downloaded: stage.seen.downloads * size,
			events: stage.seen.events.opened,
		},
		2,
	);
});
