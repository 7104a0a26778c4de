import {accountOf, lackingPython, python, sourceOf} from '../helpers/http2-clients/programs.js';
import {assertWork, openStage} from '../helpers/http2-clients/stage.js';
import {unless} from '../helpers/programs.js';

unless(lackingPython('h2'))(
	'h2 of Python does all its work over one connection, and a WebSocket, too',
	async t => {
		const stage = await openStage(t);
		await assertWork(t, stage, await accountOf(python, [sourceOf('h2-client.py')], stage));
	},
);
