import type {RequestListener} from 'node:http';
import type {ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {openChromium, portray} from '../helpers/chromium.js';
import {onEachLane, onLane} from '../helpers/lanes.js';
import {needs} from '../helpers/programs.js';
import {startRecording} from '../helpers/recording-backend.js';
import {until} from '../helpers/until.js';
import {wrap} from '../helpers/wrapped.js';

const chromium = needs('chromium', 'certutil');
const inChromium = onEachLane(chromium);

async function start(t: ExecutionContext, ...flags: readonly string[]) {
	t.timeout(120_000);
	const backend = await startRecording(t);
	const {url, caFile, run} = await wrap(t, backend.port, '--token', '--verbose', ...flags);
	const {link} = JSON.parse(run.stdout.split('\n')[0] ?? '') as {link: string};
	const token = link.split('sealport-token=')[1] ?? '';
	const {page} = await openChromium(t, caFile);
	return {
		...{backend, url, run, token, page},
		/** The link to a path. */
		linkTo: (path: string) =>
			`${url}${path}${path.includes('?') ? '&' : '?'}sealport-token=${token}`,
		/** After the first line, nobody has told the token. */
		assertKept() {
			t.false(run.stdout.slice(run.stdout.indexOf('\n')).includes(token));
			t.false(run.stderr.includes(token));
			t.false(backend.received.includes(token));
			t.false(backend.received.includes('__Host-sealport'));
		},
	};
}

/** Another site: in a browser, 127.0.0.1 and localhost are two. */
async function startOther(t: ExecutionContext, onRequest: RequestListener): Promise<string> {
	const {port} = await startBackend(t, onRequest);
	return `http://127.0.0.1:${port}`;
}

const html =
	(body: string): RequestListener =>
	(_request, response) => {
		response.setHeader('content-type', 'text/html');
		response.end(`<!doctype html><link rel="icon" href="data:,">${body}`);
	};

inChromium('the link lets a browser in: address, cookie, and all that a page does', async t => {
	const {backend, url, page, linkTo, assertKept, run, token} = await start(t);
	const without = await page.goto(`${url}/page`);
	t.is(without?.status(), 401);
	t.regex(
		(await page.textContent('main')) ?? '',
		/open the link that Sealport printed when it started/i,
	);
	await portray(page, 'token-missing');
	await page.goto(`${url}/page?sealport-token=wrong`);
	t.regex((await page.textContent('main')) ?? '', /the token in the link is wrong/i);
	await portray(page, 'token-wrong');
	t.is(backend.received, '');

	const response = await page.goto(linkTo('/page?x=1'));
	t.is(response?.status(), 200);
	t.is(page.url(), `${url}/page?x=1`);
	t.is(await page.textContent('#where'), `${url}/page?x=1`);
	const [cookie, ...more] = await page.context().cookies();
	t.deepEqual(more, []);
	t.like(cookie, {
		name: `__Host-sealport-${new URL(url).port}`,
		domain: 'localhost',
		path: '/',
		httpOnly: true,
		secure: true,
		sameSite: 'Strict',
		expires: -1,
	});
	t.not(cookie?.value, token);
	t.is(await page.evaluate('document.cookie'), '');

	t.is((await page.reload())?.status(), 200);
	t.is(
		await page.evaluate("fetch('/x', {method: 'POST', body: 'y'}).then(({status}) => status)"),
		200,
	);
	const echoed = await page.evaluate(
		"new Promise((resolve, reject) => { const socket = new WebSocket(location.origin.replace('http', 'ws') + '/socket'); socket.onopen = () => socket.send('hello'); socket.onmessage = ({data}) => resolve(data); socket.onerror = () => reject(new Error('no WebSocket')); })",
	);
	t.is(echoed, 'hello');
	const events = await page.evaluate(
		"new Promise((resolve, reject) => { const all = []; const source = new EventSource('/events'); source.onmessage = ({data}) => { all.push(data); if (all.length === 2) { source.close(); resolve(all.join()); } }; source.onerror = () => reject(new Error('no events')); })",
	);
	t.is(events, 'first,second');
	await page.click('button');
	await page.waitForURL(`${url}/form`);
	t.regex((await page.textContent('body')) ?? '', /"method":"POST"/);

	t.regex(run.stderr, /303 GET \S+\/page\?x=1&sealport-token=\*\*\* /);
	t.regex(run.stderr, /refused: GET \S+\/page from .*: policy token: /);
	assertKept();
});

onLane('wire', chromium)('another origin is told no token by a Referer', async t => {
	const {url, page, linkTo, assertKept} = await start(t);
	const referers: Array<string | undefined> = [];
	const other = await startOther(t, (request, response) => {
		referers.push(request.headers.referer);
		response.setHeader('access-control-allow-origin', '*');
		response.end();
	});
	await page.goto(linkTo('/page?x=1'));
	await page.evaluate(`fetch('${other}', {referrerPolicy: 'unsafe-url'})`);
	await page.evaluate(`fetch('${other}', {mode: 'no-cors'})`);
	t.is(referers[0], `${url}/page?x=1`);
	t.is(referers.length, 2);
	assertKept();
});

onLane('wire', chromium)('who comes from another site by the link is let in, too', async t => {
	const {url, page, linkTo, assertKept, run} = await start(t);
	const mail = await startOther(
		t,
		html(
			`<a id="link" href="${linkTo('/page?x=1')}">link</a> <a id="plain" href="${url}/page">x</a>`,
		),
	);
	await page.goto(mail);
	await page.click('#link');
	await page.waitForURL(`${url}/page?x=1`);
	t.is(await page.textContent('#where'), `${url}/page?x=1`);
	t.regex(run.stderr, /200 GET \S+\/page\?x=1&sealport-token=\*\*\* /);
	// The page in between has not stayed in the history.
	await page.goBack();
	t.is(page.url(), `${mail}/`);

	// The cookie is not sent along from elsewhere: one has to go on from here.
	await page.click('#plain');
	await page.waitForURL(`${url}/page`);
	t.regex(
		(await page.textContent('main')) ?? '',
		/if this browser had been let in, try again from here/i,
	);
	await portray(page, 'token-from-elsewhere');
	await page.click('footer a');
	await until('the page is there', async () => (await page.locator('#where').count()) === 1);
	assertKept();
});

onLane('wire', chromium)(
	'a page of another site gets nothing, while its browser has the cookie',
	async t => {
		const {backend, url, page, linkTo} = await start(t);
		await page.goto(linkTo('/page'));
		const before = backend.received;
		const hostile = await startOther(t, html('hostile'));
		await page.goto(hostile);
		const results = await page.evaluate(`Promise.all([
		fetch('${url}/x', {mode: 'no-cors', credentials: 'include'}).then(() => 'opaque'),
		fetch('${url}/x', {credentials: 'include'}).catch(() => 'failed'),
		new Promise(resolve => { const image = new Image(); image.onerror = () => resolve('failed'); image.src = '${url}/x'; }),
		new Promise(resolve => { const socket = new WebSocket('${url.replace('http', 'ws')}/socket'); socket.onerror = () => resolve('failed'); socket.onopen = () => resolve('open'); }),
	])`);
		t.deepEqual(results, ['opaque', 'failed', 'failed', 'failed']);
		await page.evaluate(
			`(() => { const form = document.createElement('form'); form.method = 'post'; form.action = '${url}/form'; document.body.append(form); form.submit(); })()`,
		);
		await page.waitForURL(`${url}/form`);
		t.regex((await page.textContent('main')) ?? '', /asks for a token/i);
		t.is(backend.received, before);
	},
);

onLane('wire', chromium)(
	'with --same-site-only, who comes by the link goes on from here',
	async t => {
		const {url, page, linkTo, assertKept} = await start(t, '--same-site-only');
		const mail = await startOther(t, html(`<a id="link" href="${linkTo('/page?x=1')}">link</a>`));
		await page.goto(mail);
		await page.click('#link');
		// It takes no click that was meant for the page before.
		await page.waitForSelector('#go');
		await page.waitForTimeout(2000);
		await page.click('#go');
		await page.waitForURL(`${url}/page?x=1`);
		t.is(await page.textContent('#where'), `${url}/page?x=1`);
		t.is(
			await page.evaluate("fetch('/x', {method: 'POST', body: 'y'}).then(({status}) => status)"),
			200,
		);
		assertKept();
	},
);
