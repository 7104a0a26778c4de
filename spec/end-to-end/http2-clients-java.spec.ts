import {accountOf, sourceOf} from '../helpers/http2-clients/programs.js';
import {assertWork, openStage} from '../helpers/http2-clients/stage.js';
import {needs} from '../helpers/programs.js';

// Its WebSocket speaks HTTP/1.1 only.
needs('java', 'javac')("Java's client does all its work over one connection", async t => {
	const stage = await openStage(t);
	await assertWork(t, stage, await accountOf('java', [sourceOf('Client.java')], stage));
});
