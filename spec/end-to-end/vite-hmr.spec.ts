import {openChromium, portray, protocolsOf} from '../helpers/chromium.js';
import {onEachLane} from '../helpers/lanes.js';
import {needs} from '../helpers/programs.js';
import {startVite} from '../helpers/vite.js';
import {wrap} from '../helpers/wrapped.js';

const inChromium = onEachLane(needs('chromium', 'certutil'));

inChromium('Vite in Chromium: the page loads over h2, its modules run, edits arrive', async t => {
	const vite = await startVite(t);
	const {url, caFile} = await wrap(t, vite.port);
	const {page, errors, failed} = await openChromium(t, caFile);
	const hot = page.waitForEvent('websocket');
	const response = await page.goto(url);
	t.is(response?.status(), 200);
	t.is((await response?.securityDetails())?.protocol, 'TLS 1.3');

	const socket = await hot;
	t.true(socket.url().startsWith(`${url.replace('https:', 'wss:')}/`));
	await page.getByText('hello through the tunnel').waitFor();
	t.is(await page.locator('#sum').textContent(), '42');
	const colour = "getComputedStyle(document.querySelector('h1')).color";
	t.is(await page.evaluate(colour), 'rgb(10, 106, 102)');
	t.true(await page.evaluate('isSecureContext'));
	t.deepEqual(await protocolsOf(page), ['h2']);

	// What survives an edit shows that the page was not loaded anew.
	await page.evaluate("window.kept = 'state of the page'");
	await vite.edit('greeting.js', "export const greet = () => 'edited meanwhile';\n");
	await page.getByText('edited meanwhile').waitFor();
	const paint = () => vite.edit('look.css', 'h1 { color: rgb(1, 2, 3); }\n');
	await paint();
	// The watcher of a busy machine can miss an edit right behind another, and then one saves again.
	const saves = setInterval(() => void paint(), 3000);
	await page.waitForFunction(`${colour} === 'rgb(1, 2, 3)'`).finally(() => clearInterval(saves));
	t.is(await page.evaluate('window.kept'), 'state of the page');
	t.false(socket.isClosed());
	t.deepEqual(await protocolsOf(page), ['h2']);
	t.deepEqual(errors, []);
	t.deepEqual(failed, []);
	await portray(page, 'vite');
});

inChromium('Chromium refuses the same page when it does not trust the CA', async t => {
	const vite = await startVite(t);
	const {url, run} = await wrap(t, vite.port);
	const {page} = await openChromium(t);
	await t.throwsAsync(page.goto(url), {message: /net::ERR_CERT_AUTHORITY_INVALID/});
	await run.says('a client does not trust the certificate');
});
