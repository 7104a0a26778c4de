import type {ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {openChromium} from '../helpers/chromium.js';
import {pagePath, servePage} from '../helpers/hostile-page/page.js';
import {named, openStage} from '../helpers/hostile-page/stage.js';
import {needs} from '../helpers/programs.js';
import {startTunnel} from '../helpers/tunnel.js';

/** Origins of somebody else who has every means that a page can have. */
async function hostileOrigins(t: ExecutionContext) {
	const plain = await startBackend(t, servePage);
	const secure = await startTunnel(t, plain.port, {names: ['evil.test']});
	return [
		{origin: `http://localhost:${plain.port}`, isSecure: true},
		{origin: `https://localhost:${secure.port}`, isSecure: true},
		{origin: `http://evil.test:${plain.port}`, isSecure: false},
		{origin: `https://evil.test:${secure.port}`, isSecure: true},
	];
}

const everyHost = '--host-resolver-rules=MAP *.test 127.0.0.1';

for (const [version, flags] of [
	['HTTP/2', []],
	['HTTP/1.1', ['--disable-http2']],
] as const) {
	needs('chromium', 'certutil')(
		`${version}: whatever a page of another origin makes Chromium send reaches the backend only where that is not refused`,
		async t => {
			t.timeout(300_000);
			const origins = await hostileOrigins(t);
			const open = await openStage(t);
			const closed = await openStage(t, {sameSiteOnly: true});
			const {page} = await openChromium(t, open.tunnel.caFile, [everyHost, ...flags]);
			const browser = page.context().browser();
			for (const {origin, isSecure} of version === 'HTTP/2' ? origins : origins.slice(-1)) {
				for (const stage of [open, closed]) {
					stage.forget();
					const context = await browser?.newContext();
					const hostile = await context?.newPage();
					await hostile?.goto(origin + pagePath(stage.origin));
					const names = named(
						({senders}) => senders === 'any' || (senders === 'secure' && isSecure),
					);
					await (stage === open ? stage.letsIn(names) : stage.turnsAway(names));
					await context?.close();
					t.log(origin, stage === open ? open.arrived.size : closed.refused.size);
				}
				t.is(open.refused.size, 0);
				t.deepEqual([...closed.arrived], [], origin);
				t.is(closed.refused.get('websocket-later'), version);
				t.is(closed.refused.get('image'), version);
			}
		},
	);
}
