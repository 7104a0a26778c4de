import test from 'ava';
import {ConnectionError} from '../../../../../lib/forward/wire/http2/framing/errors.js';
import {
	readSettings,
	writeSettings,
} from '../../../../../lib/forward/wire/http2/framing/settings.js';
import {frame, type Settings} from '../../../../helpers/http2/frames.js';
import {type ErrorCode, errorCodes, settingIds} from '../../../../helpers/http2/names.js';

function read(settings: Settings): ReadonlyArray<readonly [number, number]> {
	const payload = frame.settings(settings).subarray(9);
	const bytes = Buffer.concat([Buffer.alloc(3, '#'), payload, Buffer.alloc(9, '#')]);
	const applied: Array<readonly [number, number]> = [];
	readSettings(bytes, 3, 3 + payload.length, (id, value) => applied.push([id, value]));
	return applied;
}

test('settings are read in their order, repeated ones too', t => {
	t.deepEqual(read([]), []);
	t.deepEqual(
		read([
			['INITIAL_WINDOW_SIZE', 1],
			['MAX_FRAME_SIZE', 16_384],
			['INITIAL_WINDOW_SIZE', 2],
		]),
		[
			[4, 1],
			[5, 16_384],
			[4, 2],
		],
	);
});

const allowed: Settings = [
	['HEADER_TABLE_SIZE', 0],
	['HEADER_TABLE_SIZE', 0xffff_ffff],
	['ENABLE_PUSH', 0],
	['ENABLE_PUSH', 1],
	['MAX_CONCURRENT_STREAMS', 0],
	['MAX_CONCURRENT_STREAMS', 0xffff_ffff],
	['INITIAL_WINDOW_SIZE', 0],
	['INITIAL_WINDOW_SIZE', 0x7fff_ffff],
	['MAX_FRAME_SIZE', 16_384],
	['MAX_FRAME_SIZE', 16_777_215],
	['MAX_HEADER_LIST_SIZE', 0],
	['MAX_HEADER_LIST_SIZE', 0xffff_ffff],
	['ENABLE_CONNECT_PROTOCOL', 0],
	['ENABLE_CONNECT_PROTOCOL', 1],
	['NO_RFC7540_PRIORITIES', 0],
	['NO_RFC7540_PRIORITIES', 1],
];

for (const [name, value] of allowed) {
	test(`a setting may have this value: ${name} ${value}`, t => {
		t.deepEqual(read([[name, value]]), [[settingIds[name as keyof typeof settingIds], value]]);
	});
}

const refused: ReadonlyArray<[name: keyof typeof settingIds, value: number, error: ErrorCode]> = [
	['ENABLE_PUSH', 2, 'PROTOCOL_ERROR'],
	['ENABLE_PUSH', 0xffff_ffff, 'PROTOCOL_ERROR'],
	['INITIAL_WINDOW_SIZE', 0x8000_0000, 'FLOW_CONTROL_ERROR'],
	['INITIAL_WINDOW_SIZE', 0xffff_ffff, 'FLOW_CONTROL_ERROR'],
	['MAX_FRAME_SIZE', 16_383, 'PROTOCOL_ERROR'],
	['MAX_FRAME_SIZE', 0, 'PROTOCOL_ERROR'],
	['MAX_FRAME_SIZE', 16_777_216, 'PROTOCOL_ERROR'],
	['ENABLE_CONNECT_PROTOCOL', 2, 'PROTOCOL_ERROR'],
	['NO_RFC7540_PRIORITIES', 2, 'PROTOCOL_ERROR'],
];

for (const [name, value, error] of refused) {
	test(`refused: ${name} ${value}`, t => {
		const thrown = t.throws(() => read([[name, value]]), {instanceOf: ConnectionError});
		t.is(thrown?.code, errorCodes[error]);
	});
}

test('settings that nobody knows are passed over', t => {
	t.deepEqual(
		read([
			[0, 1],
			[7, 5],
			[0x0a, 2],
			['MAX_CONCURRENT_STREAMS', 3],
			[0xffff, 0xffff_ffff],
		]),
		[[3, 3]],
	);
});

test('a frame is written whole', t => {
	t.deepEqual(writeSettings([]), frame.settings());
	t.deepEqual(
		writeSettings([
			[3, 128],
			[4, 0x7fff_ffff],
			[0x1234, 0xffff_fffe],
		]),
		frame.settings([
			['MAX_CONCURRENT_STREAMS', 128],
			['INITIAL_WINDOW_SIZE', 0x7fff_ffff],
			[0x1234, 0xffff_fffe],
		]),
	);
});
