import test from 'ava';
import {ConnectionError} from '../../../../lib/forward/wire/http2/framing/errors.js';
import {readPriority, readPriorityUpdate} from '../../../../lib/forward/wire/http2/priority.js';
import {frame} from '../../../helpers/http2/frames.js';
import {errorCodes} from '../../../helpers/http2/names.js';

const priorities: Record<string, [urgency: number, incremental: boolean]> = {
	'': [3, false],
	i: [3, true],
	'u=0': [0, false],
	'u=7': [7, false],
	'u=2, i': [2, true],
	'u=2,i': [2, true],
	'i,u=2': [2, true],
	'u=2, i=?1': [2, true],
	'u=2, i=?0': [2, false],
	' u=5 ,  i ': [5, true],
	'u=1;x=2, i;y': [1, true],
	'u=1, u=4': [4, false],
	'x-other="u=7", u=1, w=(1 2), i, z=1.5': [1, true],
	// Out of range or of another type: that member says nothing, and the others do.
	'u=8, i': [3, true],
	'u=-1, i': [3, true],
	'u=1.0, i': [3, true],
	'u="1", i': [3, true],
	'u, i': [3, true],
	'u=1, i=1': [1, false],
	'u=1, i=a': [1, false],
	'u=1, u=9': [3, false],
	// What is no dictionary says nothing at all.
	'u=1,': [3, false],
	'u=1 i': [3, false],
	'u=1, i=': [3, false],
	'U=1': [3, false],
	'u = 1': [3, false],
	'u=1, \xe9': [3, false],
};

for (const [text, [urgency, incremental]] of Object.entries(priorities)) {
	test(`priority: ${JSON.stringify(text)}`, t => {
		t.deepEqual(readPriority(text), {urgency, incremental});
	});
}

test('a priority of a thousand members says nothing: to read it would cost', t => {
	t.deepEqual(readPriority(`u=1, i, ${'a=1, '.repeat(40)}b`), {urgency: 1, incremental: true});
	t.deepEqual(readPriority(`u=1, i, ${'a=1, '.repeat(1000)}b`), {urgency: 3, incremental: false});
});

function update(stream: number, value: string) {
	const payload = frame.priorityUpdate(stream, value).subarray(9);
	const bytes = Buffer.concat([Buffer.from('###'), payload, Buffer.from(', u=0')]);
	return readPriorityUpdate(bytes, 3, 3 + payload.length);
}

test('PRIORITY_UPDATE says which stream, and its priority anew', t => {
	t.deepEqual(update(5, 'u=1, i'), {stream: 5, priority: {urgency: 1, incremental: true}});
	t.deepEqual(update(0x7fff_ffff, ''), {
		stream: 0x7fff_ffff,
		priority: {urgency: 3, incremental: false},
	});
	t.deepEqual(update(0x8000_0001, 'u=2, =').stream, 1, 'the reserved bit means nothing');
	t.deepEqual(update(1, 'u=2, =').priority, {urgency: 3, incremental: false});
});

test('refused: PRIORITY_UPDATE about no stream, or one that only a server can open', t => {
	for (const stream of [0, 2, 0x8000_0000, 0x7fff_fffe]) {
		const error = t.throws(() => update(stream, 'u=1'), {instanceOf: ConnectionError});
		t.is(error?.code, errorCodes.PROTOCOL_ERROR);
	}
});
