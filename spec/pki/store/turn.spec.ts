import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {inTurn, turnName} from '../../../lib/pki/store/turn.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

test('one after the other, and who waits is told so', async t => {
	const directory = temporaryDirectory(t);
	const events: string[] = [];
	const act = (name: string) =>
		inTurn(
			directory,
			() => events.push(`${name} waits`),
			async () => {
				events.push(`${name} begins`);
				// Longer than two looks of the one who waits.
				await sleep(150);
				events.push(`${name} ends`);
				return name;
			},
		);
	t.deepEqual(await Promise.all([act('a'), act('b')]), ['a', 'b']);
	t.deepEqual([...events].sort(), ['a begins', 'a ends', 'b begins', 'b ends', 'b waits']);
	t.deepEqual(
		events.filter(event => event !== 'b waits'),
		['a begins', 'a ends', 'b begins', 'b ends'],
	);
	t.deepEqual(readdirSync(directory), []);
});

test('the turn ends with an error, too', async t => {
	const directory = temporaryDirectory(t);
	const fail = async () => {
		throw new Error('so');
	};
	await t.throwsAsync(
		inTurn(directory, () => undefined, fail),
		{message: 'so'},
	);
	t.deepEqual(readdirSync(directory), []);
});

test('one who shows no sign of life is waited for no longer; one who does is', async t => {
	const [dead, alive] = [temporaryDirectory(t), temporaryDirectory(t)];
	writeFileSync(join(dead, turnName), '');
	const events: string[] = [];
	const note = (event: string) => async () => events.push(event);
	const long = inTurn(
		alive,
		() => undefined,
		async () => {
			await inTurn(dead, () => undefined, note('after the dead one'));
			// As long again: were it not for its signs, the one who waits would have gone on.
			await sleep(2_000);
			events.push('the living one ends');
		},
	);
	await Promise.all([long, inTurn(alive, () => undefined, note('after the living one'))]);
	t.deepEqual(events, ['after the dead one', 'the living one ends', 'after the living one']);
});

test('where there is no directory, or none of ours, it goes without', async t => {
	const directory = temporaryDirectory(t);
	const missing = join(directory, 'missing');
	t.is(await inTurn(missing, t.fail, async () => 1), 1);
	t.false(existsSync(missing));
	writeFileSync(missing, '');
	t.is(await inTurn(missing, t.fail, async () => 2), 2);
});

test('a turn that was lost meanwhile is not taken from the next one', async t => {
	const directory = temporaryDirectory(t);
	const path = join(directory, turnName);
	await inTurn(directory, t.fail, async () => {
		rmSync(path);
		mkdirSync(path);
	});
	t.true(existsSync(path));
});
