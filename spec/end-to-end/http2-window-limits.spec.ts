import {cases, connection, nothing, type Prelude, stream} from '../helpers/http2/cases.js';
import {get} from '../helpers/http2/fields.js';
import {frame, type Settings} from '../helpers/http2/frames.js';
import {largest} from '../helpers/http2/names.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

const initial = (window: number): Settings => [['INITIAL_WINDOW_SIZE', window]];
const held: Prelude = async client => client.send(frame.headers(1, get('/held')));
const up = frame.windowUpdate;
/** What the window before anything is said of it can grow by. */
const most = largest - 65_535;

cases(stage, [
	['6.9: an increment of 0 on a stream', stream(1, 'PROTOCOL_ERROR'), [up(1, 0)], held],
	['6.9: an increment of 0 on the connection', connection('PROTOCOL_ERROR'), [up(0, 0)]],
	[
		'6.9: an increment of 0 with the reserved bit',
		connection('PROTOCOL_ERROR'),
		[up(0, largest + 1)],
	],
	['6.9.1: the largest window of a stream', nothing, [up(1, most)], held],
	['6.9.1: one more', stream(1, 'FLOW_CONTROL_ERROR'), [up(1, most + 1)], held],
	['6.9.1: one more, by two steps', stream(1, 'FLOW_CONTROL_ERROR'), [up(1, most), up(1, 1)], held],
	['6.9.1: far more', stream(1, 'FLOW_CONTROL_ERROR'), [up(1, largest)], held],
	['6.9.1: the largest window of the connection', nothing, [up(0, most)]],
	['6.9.1: one more for the connection', connection('FLOW_CONTROL_ERROR'), [up(0, most + 1)]],
	[
		'6.9.1: one more for the connection, by two steps',
		connection('FLOW_CONTROL_ERROR'),
		[up(0, most), up(0, 1)],
	],
	[
		'6.9.2: an initial window that brings a stream to the largest window',
		nothing,
		[up(1, 10), frame.settings(initial(largest - 10))],
		held,
	],
	[
		'6.9.2: an initial window that brings a stream beyond the largest window',
		connection('FLOW_CONTROL_ERROR'),
		[up(1, 10), frame.settings(initial(largest - 9))],
		held,
	],
	[
		'6.9.2: an initial window that does so, and a smaller one behind it in the same frame',
		connection('FLOW_CONTROL_ERROR'),
		[up(1, 10), frame.settings([...initial(largest), ...initial(0)])],
		held,
	],
]);
