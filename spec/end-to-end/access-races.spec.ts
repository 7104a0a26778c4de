import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {startBackend} from '../helpers/backend.js';
import {onLinux} from '../helpers/process.js';
import {needs} from '../helpers/programs.js';
import {copyPrograms, startRacer} from '../helpers/start-racer.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {startTunnel} from '../helpers/tunnel.js';

const withPrograms = process.platform === 'linux' ? needs('python3', 'perl') : onLinux;

withPrograms(
	'a program that is not let in asks in vain, whoever it shares the connection with',
	async t => {
		t.timeout(300_000);
		const directory = temporaryDirectory(t);
		const programs = copyPrograms(directory);
		const {good} = programs;
		const backend = await startBackend(t, (_request, response) => response.end('in'));
		const tunnel = await startTunnel(t, backend.port, {
			allow: [`exe=${good.python}`, `exe=${good.perl}`],
		});
		const ca = join(directory, 'ca.pem');
		writeFileSync(ca, tunnel.ca ?? '');
		const ONLY = 'f_dies f_forks f_forks_on_and_on f_hands_and_keeps f_hands_and_closes a_stays';
		const options = {port: tunnel.port, env: {CA: ca, ONLY}};
		const bad = await startRacer(t, 'F', programs, directory, {...options, races: 150});
		const allowed = await startRacer(t, 'A', programs, directory, {...options, races: 50});
		await Promise.all([bad.begin(), allowed.begin()]);
		const answers = (letter: string) =>
			[...`${bad.said}${allowed.said}`.matchAll(/^(.): (.*)$/gm)].flatMap(([, who, what]) =>
				who === letter ? [what] : [],
			);
		t.deepEqual(new Set(answers('F')), new Set(['HTTP/1.1 403']));
		t.true(answers('F').length > 80);
		const admitted = answers('A').filter(answer => answer === 'HTTP/1.1 200');
		t.log(`${answers('F').length} refused, ${admitted.length} let in`);
		t.true(admitted.length >= 45);
	},
);
