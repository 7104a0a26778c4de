import type {Page} from 'playwright-core';
import {openChromiumAs} from '../helpers/mtls/chromium.js';
import {openGuarded} from '../helpers/mtls/stage.js';
import {needs} from '../helpers/programs.js';

/** What a WebSocket says first, or that there is none. */
const greeting = (page: Page) =>
	page.evaluate<string>(`new Promise(resolve => {
		const socket = new WebSocket(location.href.replace(/^http/, 'ws'));
		socket.onmessage = ({data}) => resolve(data);
		socket.onerror = () => resolve('refused');
	})`);

const declare = needs('chromium', 'certutil', 'pk12util');

declare("Chromium gets in with alice's certificate, its WebSocket as well", async t => {
	t.timeout(300_000);
	const stage = await openGuarded(t);
	const {page, close} = await openChromiumAs(t, stage, stage.clients.alice);
	const response = await page.goto(stage.tunnel.url, {timeout: 0});
	t.is(await response?.text(), 'hello alice');
	t.is(await greeting(page), 'hello alice');
	await close();
});

declare('Chromium is refused with any other, or none, and its WebSocket as well', async t => {
	t.timeout(300_000);
	const stage = await openGuarded(t);
	const {expired, foreign, bob} = stage.clients;
	for (const [shown, reason] of [
		[undefined, /the client sent no certificate/i],
		// These it does not even send.
		[expired, /the client sent no certificate/i],
		[foreign, /the client sent no certificate/i],
		[bob, /the certificate of the client is for (")?bob/i],
	] as const) {
		const {page, close} = await openChromiumAs(t, stage, shown);
		const response = await page.goto(stage.tunnel.url, {timeout: 0});
		t.is(response?.status(), 403);
		t.is(response?.headers()['sealport-error'], 'certificate-refused');
		t.regex(String(await page.textContent('body')), reason);
		t.is(await greeting(page), 'refused');
		await close();
	}
	t.deepEqual(stage.seen, []);
});
