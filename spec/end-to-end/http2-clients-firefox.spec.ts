import {openFirefox} from '../helpers/http2-clients/firefox.js';
import {assertWork, openStage} from '../helpers/http2-clients/stage.js';
import type {Account} from '../helpers/http2-clients/work.js';
import {needs} from '../helpers/programs.js';

needs('firefox-esr', 'certutil')(
	'Firefox does all its work over one connection, and its WebSocket, too',
	async t => {
		const stage = await openStage(t);
		const navigate = await openFirefox(t, stage.tunnel.caFile);
		const answer = await navigate(stage.tunnel.url);
		t.regex(answer, /"navigation"/);
		const report = (await stage.report) as Account & {protocols: string[]; breaks: number};
		t.log(report);
		await assertWork(t, stage, report);
		t.deepEqual(report.protocols, ['h2']);
		t.is(report.breaks, 0);
	},
);
