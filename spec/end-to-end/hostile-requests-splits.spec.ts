import test from 'ava';
import {type LaneName, laneNames} from '../../lib/config/options.js';
import {times} from '../helpers/abandon.js';
import {answerTo, assertRefusal, assertUntouched, good, type Hostile} from '../helpers/hostile.js';
import {type StageOf, stageFor} from '../helpers/hostile-cases.js';
import {readResponses} from '../helpers/read-messages.js';

// Node's parser has seen more splits than these: the message lane tries each seventh of them, unless
// SEALPORT_SPEC_FULL asks for all.
const strideOf = (lane: LaneName) =>
	lane === 'wire' || process.env.SEALPORT_SPEC_FULL !== undefined ? 1 : 7;

/** Does something for each place to split at, a few of them at once. */
const everySplit = (lane: LaneName, text: string, act: (at: number) => Promise<void>) =>
	times(Math.ceil((text.length - 1) / strideOf(lane)), index => act(1 + index * strideOf(lane)));

const post = 'POST /bad HTTP/1.1\r\nHost: localhost\r\n';

const cases: readonly Hostile[] = [
	[
		'a length and chunks',
		`${post}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX`,
	],
	['two lengths', `${post}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`],
	['chunked in disguise', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
	['a bare line feed', `${post}X-A: 1\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
	['a folded line', `${post}X-A: 1\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
	['a space before a colon', `${post}Content-Length : 5\r\n\r\nhello`],
	['two Hosts', `${post}Host: other\r\nContent-Length: 0\r\n\r\n`],
];

const refused = test.macro({
	title: (_title, lane: LaneName, _stage, [name]: Hostile) =>
		`${lane}: ${name} is refused wherever it is split`,
	async exec(t, lane: LaneName, stageOf: StageOf, [, bytes, statuses]: Hostile) {
		const stage = stageOf();
		stage.takeReceived();
		await everySplit(lane, bytes, async at => {
			const parts = [bytes.slice(0, at), bytes.slice(at)];
			assertRefusal(t, await answerTo(t, stage.tunnel, ...parts), statuses);
		});
		t.is(stage.takeReceived(), '');
		await assertUntouched(t, stage);
	},
});

const refusedBehind = test.macro({
	title: (_title, lane: LaneName, _stage, [name]: Hostile) =>
		`${lane}: ${name} behind a good request is refused wherever both are split`,
	async exec(t, lane: LaneName, stageOf: StageOf, [, bytes, statuses]: Hostile) {
		const stage = stageOf();
		stage.takeReceived();
		const both = good + bytes;
		await everySplit(lane, both, async at => {
			const parts = [both.slice(0, at), both.slice(at)];
			const received = await answerTo(t, stage.tunnel, ...parts);
			// Node's parser reads ahead: see the other specs of hostile requests.
			if (lane === 'wire' || received !== '') {
				t.is(readResponses(received, ['GET'], true).messages[0]?.body, 'ok');
				assertRefusal(t, received.slice(received.indexOf('\r\n\r\nok') + 6), statuses);
			}
		});
		await assertUntouched(t, stage);
	},
});

for (const lane of laneNames) {
	const stageOf = stageFor(lane);
	for (const each of cases) {
		test.serial(refused, lane, stageOf, each);
		test.serial(refusedBehind, lane, stageOf, each);
	}
}
