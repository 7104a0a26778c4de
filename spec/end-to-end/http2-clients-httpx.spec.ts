import {accountOf, lackingPython, python, sourceOf} from '../helpers/http2-clients/programs.js';
import {assertWork, openStage} from '../helpers/http2-clients/stage.js';
import {unless} from '../helpers/programs.js';

// It never resets a stream, but forgets it: that is no cancelling. It knows no WebSocket.
unless(lackingPython('httpx') || lackingPython('h2'))(
	'httpx of Python does all its work over one connection',
	async t => {
		const stage = await openStage(t);
		await assertWork(t, stage, await accountOf(python, [sourceOf('httpx-client.py')], stage));
	},
);
