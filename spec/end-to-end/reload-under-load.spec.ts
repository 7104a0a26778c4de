import {spawn} from 'node:child_process';
import {text} from 'node:stream/consumers';
import {setTimeout as pause} from 'node:timers/promises';
import {openLongLived} from '../helpers/long-lived.js';
import {startNamed} from '../helpers/named-backend.js';
import {needs} from '../helpers/programs.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const reloads = 100;

const loads = {
	wrk: ['-t1', '-c8', '-d300s', '--timeout', '60s'],
	h2load: ['-n5000', '-c4', '-m8'],
};

for (const program of ['wrk', 'h2load'] as const) {
	needs(program)(`no request of ${program} fails during ${reloads} reloads`, async t => {
		t.timeout(300_000);
		const [first, ...others] = await Promise.all(
			['first', 'second', 'third'].map(name => startNamed(t, name)),
		);
		const tunnel = await startTunnel(t, first?.route ?? '');
		const {port} = tunnel;
		const lived = await openLongLived(t, tunnel);

		let isOver = false;
		const load = async () => {
			for (let summary = ''; !isOver; ) {
				const child = spawn(program, [...loads[program], `https://localhost:${port}/`]);
				t.teardown(() => child.kill('SIGKILL'));
				stop = () => program === 'wrk' && child.kill('SIGINT');
				summary = await text(child.stdout);
				program === 'wrk'
					? t.notRegex(summary, /Socket errors|Non-2xx/, summary)
					: t.regex(summary, /5000 succeeded, 0 failed, 0 errored, 0 timeout[\s\S]* 5000 2xx/);
			}
		};
		let stop: () => unknown = () => undefined;
		const loading = load();
		await pause(300);
		for (let turn = 0; turn < reloads; turn++) {
			const routes = others[turn % 2]?.route ?? '';
			const names = turn % 3 === 0 ? ['app.localhost'] : [];
			await tunnel.reload({routes, port: 0, names, wait: turn % 5});
			await pause(20);
		}
		isOver = true;
		stop();
		await loading;

		first?.tell();
		await until('the stream is served by whom it began with', () =>
			lived.heard.endsWith('data: first\n\n'),
		);
		t.is(await lived.ask('hello'), 'first hello');
		t.is(tunnel.port, port);
	});
}
