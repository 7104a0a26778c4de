import {startBackend} from '../helpers/backend.js';
import {openChromium} from '../helpers/chromium.js';
import {pagePath, servePage} from '../helpers/hostile-page/page.js';
import {named, openStage} from '../helpers/hostile-page/stage.js';
import {needs} from '../helpers/programs.js';
import {startTunnel} from '../helpers/tunnel.js';

const ordinary = named(({senders, isOpaque}) => senders !== 'perhaps' && !isOpaque);
const withoutOrigin = named(({isOpaque}) => isOpaque);

for (const [version, flags] of [
	['HTTP/2', []],
	['HTTP/1.1', ['--disable-http2']],
] as const) {
	needs('chromium', 'certutil')(
		`${version}: nothing is refused that a page of one's own origin sends, but for frames without an origin`,
		async t => {
			t.timeout(300_000);
			const stage = await openStage(t, {sameSiteOnly: true});
			const {page} = await openChromium(t, stage.tunnel.caFile, flags);
			for (const referrer of ['', 'no-referrer', 'unsafe-url']) {
				stage.forget();
				const own = await page.context().newPage();
				await own.goto(stage.origin + pagePath(stage.origin, {referrer}));
				await stage.letsIn(ordinary);
				await stage.turnsAway(withoutOrigin);
				t.deepEqual([...stage.refused.keys()].sort(), [...withoutOrigin].sort(), referrer);
			}
		},
	);
}

needs('chromium', 'certutil')(
	'pages of another host served here may send the same, unless they hide where they come from',
	async t => {
		t.timeout(300_000);
		const stage = await openStage(t, {sameSiteOnly: true, names: ['app.test', 'api.app.test']});
		const {page} = await openChromium(t, stage.tunnel.caFile, [
			'--host-resolver-rules=MAP *.test 127.0.0.1',
		]);
		const {port} = stage.tunnel;
		// A worker of a blob has no address that could be its referrer, and what is posted and redirected loses
		// its Origin in Chromium.
		const hidden = named(({name}) =>
			/^(?!fetch-post).*no-(referrer|opener)|^worker|^bounced-(post|form)/.test(name),
		);
		for (const [from, to] of [
			[`https://app.localhost:${port}`, `https://localhost:${port}`],
			[`https://localhost:${port}`, `https://api.localhost:${port}`],
			[`https://app.test:${port}`, `https://api.app.test:${port}`],
			[`https://app.test:${port}`, `https://127.0.0.1:${port}`],
		] as const) {
			stage.forget();
			const sibling = await page.context().newPage();
			await sibling.goto(from + pagePath(to));
			const open = named(
				({name, senders, isOpaque}) =>
					(senders === 'any' || senders === 'secure') && !isOpaque && !hidden.includes(name),
			);
			await stage.letsIn(open);
			await stage.turnsAway([...hidden, ...withoutOrigin]);
			const both = [...stage.refused.keys()].filter(name => open.includes(name));
			t.deepEqual(both, [], `${from} to ${to}`);
		}
	},
);

needs('chromium', 'certutil')(
	'what goes from our own page to another site and from there back is refused',
	async t => {
		t.timeout(300_000);
		const stage = await openStage(t, {sameSiteOnly: true});
		const plain = await startBackend(t, servePage);
		const other = await startTunnel(t, plain.port);
		const {page} = await openChromium(t, stage.tunnel.caFile);
		const via = `https://localhost:${other.port}`;
		await page.goto(stage.origin + pagePath(stage.origin, {via}));
		const bounced = named(({name}) => name.startsWith('bounced'));
		await stage.turnsAway(bounced);
		await stage.letsIn(ordinary.filter(name => !bounced.includes(name)));
		t.deepEqual(
			bounced.filter(name => stage.arrived.has(name)),
			[],
		);
	},
);
