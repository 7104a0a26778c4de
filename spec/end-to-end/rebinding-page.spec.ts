import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {chromium, type Page} from 'playwright-core';
import type {ServeOptions} from '../../lib/index.js';
import {startBackend} from '../helpers/backend.js';
import {lastingAddress} from '../helpers/free-port.js';
import {ownNameServer} from '../helpers/hostile-page/name-server.js';
import {pagePath, servePage} from '../helpers/hostile-page/page.js';
import {named, openStage} from '../helpers/hostile-page/stage.js';
import {certutil, makeDatabase} from '../helpers/nss.js';
import {noOwnMachine, type OwnMachine, ownMachine} from '../helpers/own-machine.js';
import {needs, unless} from '../helpers/programs.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const title = noOwnMachine === false ? needs('certutil', 'chromium') : unless(noOwnMachine);

/** How a name comes to lead elsewhere than to whom the page came from. */
type Way =
	/** It has another address: browsers ask again after a minute, whatever the name server says. */
	| 'another'
	/** It has two addresses from the start, and nobody listens any more at the first. */
	| 'second';

interface Setting {
	/** Of the page. */
	readonly scheme: 'http' | 'https';
	readonly way: Way;
	/** Of Sealport. */
	readonly options?: Partial<ServeOptions>;
	/** Of Chromium. */
	readonly flags?: readonly string[];
}

/** A page of `rebind.test` in Chromium, whose name leads to Sealport by now. */
async function rebound(t: ExecutionContext, {scheme, way, options = {}, flags = []}: Setting) {
	t.timeout(240_000);
	const {host, port} = lastingAddress();
	const elsewhere = lastingAddress().host;
	const stage = await openStage(t, {host, port, ...options});
	const stop = await startAttacker(t, scheme, elsewhere, port);
	const machine = await ownMachine(t);
	const names = await ownNameServer(t, machine, way === 'second' ? [elsewhere, host] : [elsewhere]);
	const connection = await chromiumIn(t, machine, stage.tunnel.caFile ?? '', flags);
	const page = (await connection.contexts()[0]?.newPage()) ?? t.fail();
	const origin = `${scheme}://rebind.test:${port}`;
	await page.goto(origin + pagePath(origin, {later: 'yes'}));
	t.is(await page.title(), 'page');
	names.addresses = [host];
	await stop();
	return {stage, page};
}

/** Serves the hostile page, until it is told to stop. */
async function startAttacker(
	t: ExecutionContext,
	scheme: Setting['scheme'],
	host: string,
	port: number,
): Promise<() => Promise<void>> {
	if (scheme === 'https') {
		const page = await startBackend(t, servePage);
		const tunnel = await startTunnel(t, page.port, {host, port, names: ['rebind.test']});
		return () => tunnel.close(0);
	}
	const {server} = await startBackend(t, servePage, host, port);
	return async () => {
		server.close();
		server.closeAllConnections();
	};
}

async function chromiumIn(
	t: ExecutionContext,
	machine: OwnMachine,
	caFile: string,
	flags: readonly string[],
) {
	const database = join(machine.home, '.pki', 'nssdb');
	await makeDatabase(database);
	await certutil(database, '-A', '-t', 'C,,', '-n', 'sealport', '-i', caFile);
	const browser = machine.start('chromium', [
		...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync'],
		...['--disable-background-networking', '--disable-component-update'],
		...['--disable-popup-blocking', `--user-data-dir=${join(machine.home, 'chromium')}`],
		...['--remote-debugging-port=0', ...flags, 'about:blank'],
	]);
	await browser.says(/ws:\/\/\S+\n/);
	const [address = ''] = /ws:\/\/\S+/.exec(browser.stderr) ?? [];
	const connection = await chromium.connectOverCDP(address);
	t.teardown(() => connection.close());
	return connection;
}

/** What the page gets from its own origin: a status, or the reason why nothing. */
function ask(page: Page, method = 'GET'): Promise<string> {
	return page.evaluate(
		`fetch('/try/asked', {method: '${method}', cache: 'no-store'}).then(({status}) => String(status), String)`,
	);
}

/** Waits until the page gets a status from its own origin. */
async function answered(page: Page, status: string): Promise<void> {
	const isThere = async () => {
		await page.waitForTimeout(300);
		return (await ask(page)) === status;
	};
	await until(`the page has got ${status}`, isThere, 120_000);
}

/** Those that need nobody who redirects. */
const attempts = named(
	({name, senders}) => senders === 'any' && !/^(bounced|policy-report)/.test(name),
);

for (const way of ['another', 'second'] as const) {
	title(
		`http: a page whose host gets ${way} address is answered, but not by the backend`,
		async t => {
			const {stage, page} = await rebound(t, {scheme: 'http', way});
			await answered(page, '421');
			t.is(await ask(page, 'POST'), '421');
			await page.evaluate('begin()');
			t.is(await ask(page), '421');
			t.deepEqual([...stage.arrived], []);
		},
	);
}

title('https: a page whose host leads to ours is refused by its certificate', async t => {
	const {stage, page} = await rebound(t, {scheme: 'https', way: 'second'});
	let refusals = 0;
	stage.tunnel.on('distrust', () => refusals++);
	await until('the certificate was refused', async () => {
		t.regex(await ask(page), /TypeError/);
		return refusals > 0;
	});
	t.deepEqual([...stage.arrived], []);
});

title('https: where any certificate is taken, it is refused by the name of its host', async t => {
	const flags = ['--ignore-certificate-errors'];
	const {stage, page} = await rebound(t, {scheme: 'https', way: 'second', flags});
	await answered(page, '421');
	await page.evaluate('begin()');
	await stage.turnsAway(attempts);
	t.deepEqual([...stage.arrived], []);
	t.deepEqual([...stage.tunnel.refusals.keys()], ['names']);
});

title('https: were that name served, all of it would reach the backend', async t => {
	const options = {names: ['rebind.test']};
	const {stage, page} = await rebound(t, {scheme: 'https', way: 'second', options});
	await answered(page, '200');
	await page.evaluate('begin()');
	await stage.letsIn(attempts);
	t.is(stage.refused.size, 0);
});
