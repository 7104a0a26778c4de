import type {ExecutionContext} from 'ava';
import type {Page} from 'playwright-core';
import {startBackend} from '../helpers/backend.js';
import {openChromium, portray} from '../helpers/chromium.js';
import {needs} from '../helpers/programs.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const title = needs('chromium', 'certutil');

/** An app that is protected, and another site where one signs in: its pages link to what their query says. */
async function openSites(t: ExecutionContext) {
	t.timeout(120_000);
	const asked: string[] = [];
	const app = await startBackend(t, (request, response) => {
		if (request.url !== '/favicon.ico') {
			asked.push(`${request.url} ${request.headers.referer ?? ''}`);
		}
		response.setHeader('content-type', 'text/html');
		response.end('<title>the app</title><script>opener?.postMessage("signed in", "*")</script>');
	});
	const elsewhere = await startBackend(t, (request, response) => {
		const {pathname, searchParams} = new URL(request.url ?? '', 'http://elsewhere');
		const to = searchParams.get('to') ?? '';
		if (pathname === '/redirect') {
			response.writeHead(302, {location: to}).end();
		} else {
			response.setHeader('content-type', 'text/html');
			response.end(`<title>elsewhere</title><a href="${to}">go</a>
				<form method="post" action="${to}"><button>send</button></form>`);
		}
	});
	const tunnel = await startTunnel(t, app.port, {sameSiteOnly: true});
	const other = await startTunnel(t, elsewhere.port);
	const {page} = await openChromium(t, tunnel.caFile);
	const linkTo = (address: string, path = '/link') =>
		`${other.url}${path}?${new URLSearchParams({to: tunnel.url + address})}`;
	return {asked, tunnel, page, linkTo};
}

/** Follows a link from elsewhere, and returns when our own page is there instead. */
async function arrive(page: Page, link: string): Promise<void> {
	await page.goto(link);
	await page.click('a');
	await page.waitForSelector('#go');
}

/** Clicks until it has led on: what is clicked at once is not taken for meant. */
async function goOn(page: Page): Promise<void> {
	const isThere = async () => (await page.title().catch(() => '')) === 'the app';
	await page.waitForTimeout(1000);
	while (!(await isThere())) {
		await page.click('#go', {timeout: 1000}).catch(() => undefined);
		await until('the link has led on', isThere, 10_000).catch(() => undefined);
	}
}

const addresses = [
	'/callback?code=a%2Fb%20c&state=%22',
	'/callback#access_token=a',
	'/#',
	'/#/users/1',
	'/?#a',
	'//evil.test/a',
	'//evil.test/#a',
	'/%5Cevil.test/../a?b=//c',
];

title(
	'a link from elsewhere leads to the same address with one click, whatever that is',
	async t => {
		const {asked, tunnel, page, linkTo} = await openSites(t);
		for (const address of addresses) {
			asked.splice(0);
			await arrive(page, linkTo(address));
			const {href} = new URL(tunnel.url + address);
			t.is(page.url(), href);
			t.deepEqual(asked, []);
			if (address === addresses[0]) {
				await portray(page, 'arrival');
			}
			await goOn(page);
			t.is(page.url().replace(/#$/, ''), href.replace(/#$/, ''));
			t.deepEqual(asked, [`${href.slice(tunnel.url.length).replace(/#.*/, '')} `]);
		}
		t.is(tunnel.refusals.get('same-site'), addresses.length);
	},
);

title(
	'the way back of a sign-in in a window of its own ends with a message to the app',
	async t => {
		const {tunnel, page, linkTo} = await openSites(t);
		await page.goto(tunnel.url);
		const opened = page.waitForEvent('popup');
		await page.evaluate(
			`globalThis.told = new Promise(resolve => addEventListener('message', ({data}) => resolve(data)));
		void open(${JSON.stringify(linkTo('/callback?code=1', '/redirect'))})`,
		);
		const window = await opened;
		await window.waitForSelector('#go');
		await goOn(window);
		t.is(await page.evaluate('told'), 'signed in');
	},
);

title('a click at once, as somebody else may have led it there, is not taken', async t => {
	const {asked, page, linkTo} = await openSites(t);
	await arrive(page, linkTo('/a'));
	t.true(
		await page.evaluate(
			`dispatchEvent(new Event('focus'));
			!document.getElementById('go').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))`,
		),
	);
	t.deepEqual(asked, []);
	await goOn(page);
	t.is(asked.length, 1);
});

title('the link works without scripts', async t => {
	const {asked, page, linkTo} = await openSites(t);
	const context = await page.context().browser()?.newContext({javaScriptEnabled: false});
	const quiet = await context?.newPage();
	t.not(quiet, undefined);
	if (quiet !== undefined) {
		await arrive(quiet, linkTo('/a?b'));
		await goOn(quiet);
		t.deepEqual(asked, ['/a?b ']);
	}
});

title('a form from elsewhere is not passed on, and there is nothing to click', async t => {
	const {asked, tunnel, page, linkTo} = await openSites(t);
	await page.goto(linkTo('/a'));
	await page.click('button');
	await page.waitForURL(`${tunnel.url}/a`);
	t.is(await page.textContent('h1'), 'A page of another site has sent a form here');
	t.is(await page.$('a'), null);
	t.deepEqual(asked, []);
	await portray(page, 'arrival-form');
});

title('what a person types is let in', async t => {
	const {asked, tunnel, page} = await openSites(t);
	await page.goto(`${tunnel.url}/a?b#c`);
	t.is(await page.title(), 'the app');
	await page.reload();
	t.deepEqual(asked, ['/a?b ', '/a?b ']);
});
