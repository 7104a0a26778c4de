import {openChromium} from '../helpers/chromium.js';
import {assertWork, openStage} from '../helpers/http2-clients/stage.js';
import type {Account} from '../helpers/http2-clients/work.js';
import {needs} from '../helpers/programs.js';

needs('chromium', 'certutil')(
	'Chromium does all its work over one connection, and its WebSocket, too',
	async t => {
		const stage = await openStage(t);
		const {page, errors} = await openChromium(t, stage.tunnel.caFile);
		await page.goto(stage.tunnel.url, {timeout: 0});
		const report = (await stage.report) as Account & {protocols: string[]; breaks: number};
		t.log(report);
		await assertWork(t, stage, report);
		t.deepEqual(report.protocols, ['h2']);
		t.is(report.breaks, 0);
		t.deepEqual(errors, []);
	},
);
