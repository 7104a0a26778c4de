import {createServer} from 'node:net';
import type {ExecutionContext} from 'ava';
import {onLinux} from '../../../helpers/process.js';
import {needs} from '../../../helpers/programs.js';
import {endsOf, startFinder} from '../../../helpers/reception.js';
import {copyPrograms, startRacer} from '../../../helpers/start-racer.js';
import {temporaryDirectory} from '../../../helpers/temporary-directory.js';

const withPrograms = process.platform === 'linux' ? needs('python3', 'perl') : onLinux;

withPrograms(
	'a thousand races: who forks, executes, dies or hands over is not let in by mistake',
	async t => {
		t.timeout(400_000);
		const directory = temporaryDirectory(t);
		const programs = copyPrograms(directory);
		const {good} = programs;
		const judged = await judge(t, [good.python, good.perl]);
		const {port, verdicts} = judged;
		const racers = [
			await startRacer(t, 'F', programs, directory, {port, races: 600}),
			await startRacer(t, 'A', programs, directory, {port, races: 400}),
		];
		await Promise.all(racers.map(racer => racer.begin()));
		t.log(verdicts.summary());
		t.is(verdicts.accepted, 1000);
		t.deepEqual(verdicts.mistakes, []);
		// That nobody at all is let in would be no feat.
		t.true(verdicts.admitted > 100);
		t.true(verdicts.refused > 100);
	},
);

/** Lets in whoever is held by these programs only, as a rule `exe=` would. */
async function judge(t: ExecutionContext, executables: readonly string[]) {
	const finder = startFinder(t);
	const reasons = new Map<string, number>();
	const verdicts = {
		accepted: 0,
		admitted: 0,
		refused: 0,
		spoke: 0,
		mistakes: [] as string[],
		summary: () =>
			`${verdicts.admitted} let in, of whom ${verdicts.spoke} spoke, ${verdicts.refused} refused: ${JSON.stringify([...reasons])}`,
	};
	const server = createServer(async socket => {
		verdicts.accepted++;
		socket.on('error', () => undefined);
		const began = process.hrtime.bigint();
		const who = await finder.find(endsOf(socket)).then(
			({holders}) =>
				holders.every(({executable}) => executables.includes(executable ?? ''))
					? true
					: 'somebody else has it, too',
			(error: Error) => error.message,
		);
		if (who === true) {
			verdicts.admitted++;
		} else {
			verdicts.refused++;
			reasons.set(who, (reasons.get(who) ?? 0) + 1);
		}
		socket.once('data', data => {
			const [letter, since = '0'] = data.toString().trim().split(' ');
			verdicts.spoke += letter === 'A' && who === true ? 1 : 0;
			// Who had it before it was looked, and has it now, is somebody who had to be found.
			if (who === true && letter === 'F' && BigInt(since) < began) {
				verdicts.mistakes.push(
					`${socket.remotePort}, which had it ${began - BigInt(since)} ns before`,
				);
			}
			socket.end('.');
		});
		socket.write(who === true ? 'y' : 'n');
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => server.close());
	const address = server.address();
	return {port: typeof address === 'object' ? (address?.port ?? 0) : 0, verdicts};
}
