import {openChromium} from '../helpers/chromium.js';
import {runSealport} from '../helpers/cli.js';
import {needs} from '../helpers/programs.js';
import {startRecording} from '../helpers/recording-backend.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const env = {SEALPORT_AUTH: 'alice:hush-hush'};

for (const version of ['--http1.1', '--http2']) {
	needs('curl')(`${version}: curl gets in by a password from the environment`, async t => {
		t.timeout(120_000);
		const backend = await startRecording(t);
		const args = [String(backend.port), '--port', '0', '--json', '--verbose'];
		const sealport = runSealport(t, temporaryDirectory(t), args, env);
		const {url, ca} = await sealport.listening();
		const curl = async (...rest: readonly string[]) => {
			const own = ['--silent', '--show-error', '--noproxy', '*', '--cacert', ca ?? '', version];
			return (await run('curl', [...own, ...rest])).stdout;
		};
		t.regex(await curl('-u', 'alice:hush-hush', `${url}/a`), /"url":"\/a"/);
		t.regex(await curl('--anyauth', '-u', 'alice:hush-hush', '-d', 'x', `${url}/b`), /"url":"\/b"/);
		t.regex(await curl('-u', 'alice:wrong', `${url}/c`), /the user name or the password is wrong/);
		t.regex(await curl(`${url}/d`), /asks for a user name and a password/);
		await sealport.says('/d');
		for (const secret of ['hush-hush', Buffer.from(env.SEALPORT_AUTH).toString('base64')]) {
			t.false((sealport.stdout + sealport.stderr).includes(secret));
			t.false(backend.received.includes(secret));
		}
		t.false(/authorization/i.test(backend.received));
	});
}

needs('chromium', 'certutil')(
	'Chromium gets in by a password, with all that a page does',
	async t => {
		t.timeout(120_000);
		const backend = await startRecording(t);
		const args = [String(backend.port), '--port', '0', '--json', '--verbose'];
		const sealport = runSealport(t, temporaryDirectory(t), args, env);
		const {url, ca} = await sealport.listening();
		const {page} = await openChromium(t, ca ?? undefined);
		// A page of its own: what is shown for a refusal may come late.
		const refused = await page.context().newPage();
		const without = await refused.goto(`${url}/page`).catch(String);
		t.regex(typeof without === 'string' ? without : String(without?.status()), /401|INVALID_AUTH/);
		await refused.close();
		const response = await page.goto(`${url.replace('//', '//alice:hush-hush@')}/page`);
		t.is(response?.status(), 200);
		t.is((await page.goto(`${url}/page`))?.status(), 200);
		t.is(
			await page.evaluate("fetch('/x', {method: 'POST', body: 'y'}).then(({status}) => status)"),
			200,
		);
		const echoed = await page.evaluate(
			"new Promise((resolve, reject) => { const socket = new WebSocket(location.origin.replace('http', 'ws') + '/socket'); socket.onopen = () => socket.send('hello'); socket.onmessage = ({data}) => resolve(data); socket.onerror = () => reject(new Error('no WebSocket')); })",
		);
		t.is(echoed, 'hello');
		const event = await page.evaluate(
			"new Promise((resolve, reject) => { const source = new EventSource('/events'); source.onmessage = ({data}) => { source.close(); resolve(data); }; source.onerror = () => reject(new Error('no events')); })",
		);
		t.is(event, 'first');
		for (const secret of ['hush-hush', Buffer.from(env.SEALPORT_AUTH).toString('base64')]) {
			t.false((sealport.stdout + sealport.stderr).includes(secret));
			t.false(backend.received.includes(secret));
		}
	},
);
