import {createServer} from 'node:http';
import {openChromium, portray, protocolsOf} from '../helpers/chromium.js';
import {freePort} from '../helpers/free-port.js';
import {onEachLane} from '../helpers/lanes.js';
import {needs} from '../helpers/programs.js';
import {until} from '../helpers/until.js';
import {wrap} from '../helpers/wrapped.js';

const inChromium = onEachLane(needs('chromium', 'certutil'));

inChromium(
	'the demo in Chromium: trusted, over h2, with a clock that ticks and an echo',
	async t => {
		const {url, caFile} = await wrap(t, 'demo');
		const {page, errors, failed} = await openChromium(t, caFile);
		const response = await page.goto(url);
		t.is(response?.status(), 200);
		const text = (id: string) => page.locator(`#${id}`).textContent();
		const shows = (id: string, pattern: RegExp) =>
			until(`#${id} shows ${pattern}`, async () => pattern.test((await text(id)) ?? ''));

		await shows('tls-version', /^TLS 1\.3$/);
		await shows(
			'tls-cipher',
			/^TLS_(AES_128_GCM_SHA256|AES_256_GCM_SHA384|CHACHA20_POLY1305_SHA256)$/,
		);
		t.is(await text('tls-http'), 'HTTP/2');
		t.is(await text('title'), 'This page arrived sealed.');
		t.true(await page.evaluate('isSecureContext'));
		t.is(await page.locator('#context-checks .yes').count(), 6);
		await shows('x-forwarded-proto', /^https$/);
		t.is(await text('x-forwarded-host'), new URL(url).host);

		await shows('clock-light', /^live$/);
		await shows('clock-note', /^Event [1-9]/);
		const before = await text('clock-note');
		const numberOf = (note: string | null) => Number(/\d+/.exec(note ?? '')?.[0]);
		await until(
			'the clock ticks',
			async () => numberOf(await text('clock-note')) > numberOf(before),
		);

		await shows('echo-light', /^open$/);
		await shows('echo-log', /Hello, backend/);
		await page.locator('#echo-text').fill('<b>are you there?</b>');
		await page.locator('#echo-form button').click();
		await shows('echo-log', /^<b>are you there\?<\/b>/);

		t.deepEqual(await protocolsOf(page), ['h2']);
		t.deepEqual(errors, []);
		t.deepEqual(failed, []);
		await portray(page, 'demo');
	},
);

inChromium('the failure page in Chromium gives way to the backend once that is there', async t => {
	const port = await freePort();
	const {url, caFile} = await wrap(t, port, '--wait', '0');
	const {page} = await openChromium(t, caFile);
	const response = await page.goto(`${url}/shop?item=1`);
	t.is(response?.status(), 502);
	t.is(await response?.headerValue('sealport-error'), 'backend-refused');
	await page.getByRole('heading', {name: 'The backend does not answer'}).waitFor();
	await page.getByText(`backend http://localhost:${port} refused the connection`).waitFor();
	await page.getByRole('status').waitFor();
	await portray(page, 'failure');

	const backend = createServer((request, answer) => {
		answer.setHeader('content-type', 'text/html');
		answer.end(`<link rel="icon" href="data:,"><h1>${request.method} ${request.url}</h1>`);
	});
	await new Promise<void>(resolve => backend.listen(port, '127.0.0.1', resolve));
	t.teardown(() => {
		backend.closeAllConnections();
		backend.close();
	});
	await page.getByRole('heading', {name: 'GET /shop?item=1'}).waitFor();
	t.is(page.url(), `${url}/shop?item=1`);
});
