import test from 'ava';
import {type LaneName, laneNames} from '../../lib/config/options.js';
import {
	answerTo,
	assertRefusal,
	assertUntouched,
	bytewise,
	good,
	type Hostile,
	openHostileStage,
} from './hostile.js';
import {readResponses} from './read-messages.js';
import type {Stage} from './stage.js';

/** Gives the stage of a spec file. */
export type StageOf = () => Stage;

const refused = test.macro({
	title: (_title, lane: LaneName, _stage, [name]: Hostile) =>
		`${lane}: ${name} is refused, and nothing reaches the backend`,
	async exec(t, _lane: LaneName, stageOf: StageOf, [, bytes, statuses]: Hostile) {
		const stage = stageOf();
		stage.takeReceived();
		assertRefusal(t, await answerTo(t, stage.tunnel, bytes), statuses);
		if (bytes.length < 500) {
			assertRefusal(t, await answerTo(t, stage.tunnel, ...bytewise(bytes)), statuses);
		}
		t.is(stage.takeReceived(), '');
		await assertUntouched(t, stage);
	},
});

const refusedBehind = test.macro({
	title: (_title, lane: LaneName, _stage, [name]: Hostile) =>
		`${lane}: ${name} is refused behind a request that is answered`,
	async exec(t, _lane: LaneName, stageOf: StageOf, [, bytes, statuses]: Hostile) {
		const stage = stageOf();
		stage.takeReceived();
		const received = await answerTo(t, stage.tunnel, good + bytes);
		const {messages} = readResponses(received, ['GET'], true);
		t.is(messages[0]?.start, 'HTTP/1.1 200 OK', JSON.stringify(received));
		t.is(messages[0]?.body, 'ok');
		assertRefusal(t, received.slice(received.indexOf('\r\n\r\nok') + 6), statuses);
		await assertUntouched(t, stage);
	},
});

/**
 * Declares, for both lanes, that each of these is refused with nothing of it seen by the backend: in one
 * write, byte by byte, and behind a good request on the same connection.
 */
export function refusals(cases: readonly Hostile[]): void {
	for (const lane of laneNames) {
		const stageOf = stageFor(lane);
		for (const each of cases) {
			test.serial(refused, lane, stageOf, each);
			test.serial(refusedBehind, lane, stageOf, each);
		}
	}
}

/** A stage for all tests of the file: making a tunnel for each of them would take most of the time. */
export function stageFor(lane: LaneName): StageOf {
	let stage: Stage | undefined;
	test.before(async () => {
		stage = await openHostileStage(lane);
	});
	test.after.always(() => stage?.close());
	return () => {
		if (stage === undefined) {
			throw new Error('before the first test');
		}
		return stage;
	};
}
