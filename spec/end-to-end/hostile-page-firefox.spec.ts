import {startBackend} from '../helpers/backend.js';
import {pagePath, servePage} from '../helpers/hostile-page/page.js';
import {named, openStage} from '../helpers/hostile-page/stage.js';
import {openFirefox} from '../helpers/http2-clients/firefox.js';
import {needs} from '../helpers/programs.js';
import {startTunnel} from '../helpers/tunnel.js';

const preferences = {
	'dom.disable_open_during_load': false,
	'network.dns.localDomains': 'evil.test',
};

needs('firefox-esr', 'certutil')(
	'whatever a page makes Firefox send reaches the backend only where it is our own page, or nothing is refused',
	async t => {
		t.timeout(300_000);
		const plain = await startBackend(t, servePage);
		const secure = await startTunnel(t, plain.port, {names: ['evil.test']});
		const open = await openStage(t);
		const closed = await openStage(t, {sameSiteOnly: true});
		const navigate = await openFirefox(t, open.tunnel.caFile ?? '', preferences);
		const sent = named(({senders}) => senders === 'any');
		for (const origin of [
			`http://localhost:${plain.port}`,
			`https://localhost:${secure.port}`,
			`https://evil.test:${secure.port}`,
		]) {
			for (const stage of [open, closed]) {
				stage.forget();
				await navigate(origin + pagePath(stage.origin));
				await (stage === open ? stage.letsIn(sent) : stage.turnsAway(sent));
				t.log(origin, stage === open ? open.arrived.size : closed.refused.size);
				await navigate('about:blank');
			}
			t.is(open.refused.size, 0);
			t.deepEqual([...closed.arrived], [], origin);
			t.is(closed.refused.get('websocket-later'), 'HTTP/2');
		}
		const ordinary = named(({senders, isOpaque}) => senders !== 'perhaps' && !isOpaque);
		const withoutOrigin = named(({isOpaque}) => isOpaque);
		for (const referrer of ['', 'no-referrer']) {
			closed.forget();
			await navigate(closed.origin + pagePath(closed.origin, {referrer}));
			await closed.letsIn(ordinary);
			await closed.turnsAway(withoutOrigin);
			t.deepEqual([...closed.refused.keys()].sort(), [...withoutOrigin].sort(), referrer);
			await navigate('about:blank');
		}
	},
);
