import {spawn} from 'node:child_process';
import {text} from 'node:stream/consumers';
import {kills, startMortal, wait} from '../helpers/mortal/backend.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {wrap} from '../helpers/wrapped.js';

// Every answer to a GET of this backend is one small write. So none is cut, and every failure that the generators
// count is one of a request whose response had not begun.
for (const kind of ['http', 'h2c'] as const) {
	needs('wrk')(`wrk: no GET fails while its ${kind} backend is killed ${kills} times`, async t => {
		t.timeout(400_000);
		const backend = await startMortal(t, kind);
		const {url} = await wrap(t, backend.route, '--wait', String(wait), '--quiet');
		const args = ['-t1', '-c16', '-d400s', '--timeout', '60s', `${url}/`];
		const wrk = spawn('wrk', args, {stdio: ['ignore', 'pipe', 'inherit']});
		t.teardown(() => wrk.kill('SIGKILL'));
		const said = text(wrk.stdout);
		await backend.ride();
		wrk.kill('SIGINT');
		const summary = await said;
		const done = Number(/(\d+) requests in/.exec(summary)?.[1]);
		t.log(`${done} requests`);
		t.true(done > kills, summary);
		t.notRegex(summary, /Socket errors|Non-2xx/, summary);
	});

	needs('h2load')(
		`h2load: no GET fails while its ${kind} backend is killed ${kills} times`,
		async t => {
			t.timeout(400_000);
			const backend = await startMortal(t, kind);
			const {url} = await wrap(t, backend.route, '--wait', String(wait), '--quiet');
			let isOver = false;
			let done = 0;
			const load = async () => {
				while (!isOver) {
					const {stdout} = await run('h2load', ['-n2000', '-c4', '-m8', `${url}/`]);
					const counts = /(\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout/.exec(stdout);
					t.deepEqual(counts?.slice(1), ['2000', '0', '0', '0'], stdout);
					t.regex(stdout, /2000 2xx, 0 3xx, 0 4xx, 0 5xx/);
					done += 2000;
				}
			};
			const loading = load();
			await backend.ride().finally(() => {
				isOver = true;
			});
			await loading;
			t.log(`${done} requests`);
		},
	);
}
