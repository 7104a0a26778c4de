import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {curl} from '../helpers/container-clients.js';
import {addGuest} from '../helpers/guest.js';
import {home} from '../helpers/home.js';
import {startMachine} from '../helpers/machine.js';
import {noOwnNetwork} from '../helpers/own-network.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const alone = unless(noOwnNetwork);

alone('a bridge that comes later is served, too, by its address, and that is said', async t => {
	t.timeout(300_000);
	const {guest, network, sealport} = await startMachine(t);
	const {run, said, ca} = await sealport('--expose=anyone');
	t.is(said.reach, 'everyone who can reach 172.17.0.1 or fd00:17::1');
	const later = await addGuest(t, network, 'br-later', 29);
	await run.says(/"event":"reloaded".*everyone who can reach .*172\.29\.0\.1/);
	for (const host of later.gateways) {
		const {stdout, stderr} = await curl(later, {ca, host, port: said.port});
		t.regex(stdout, / 200$/, stderr);
	}
	t.regex((await curl(guest, {ca, host: '172.17.0.1', port: said.port})).stdout, / 200$/);
	await network.run('ip', 'link', 'del', 'br-later');
	await run.says(
		/"event":"reloaded".*\n.*"event":"reloaded".*can reach 172\.17\.0\.1 or fd00:17::1"/,
	);
	const former = await curl(guest, {host: '172.17.0.1', port: said.port}, '-H', 'Host: 172.29.0.1');
	t.regex(former.stdout, / 421$/);
});

alone(
	'addresses that the authority may not vouch for are named, and the other ones work',
	async t => {
		t.timeout(300_000);
		const {guest, network, sealport} = await startMachine(t);
		for (const address of ['203.0.113.5/24', '2001:db8::5/64']) {
			await network.run('ip', 'addr', 'add', address, 'dev', 'docker0', 'nodad');
		}
		const {run, said, ca} = await sealport('--expose=anyone');
		await run.says(/warning: the certificate is not for 203\.0\.113\.5, 2001:db8::5, /);
		t.regex((await curl(guest, {ca, host: '172.17.0.1', port: said.port})).stdout, / 200$/);
		await guest.run('ip', 'route', 'add', '203.0.113.0/24', 'via', '172.17.0.1');
		const asking = {host: '203.0.113.5', port: said.port};
		t.is((await curl(guest, {ca, ...asking})).code, 60, 'curl: the certificate is for others');
		t.regex((await curl(guest, asking)).stdout, / 200$/);
	},
);

alone(
	'a configuration that exposes too much changes nothing, and one that exposes no longer cuts off',
	async t => {
		t.timeout(300_000);
		const {guest, network} = await startMachine(t);
		const directory = temporaryDirectory(t);
		const configure = (options: object) =>
			writeFileSync(
				join(directory, 'sealport.config.json'),
				JSON.stringify({routes: 3000, ...options}),
			);
		configure({expose: true, allow: ['address=172.17.0.0/16', 'address=127.0.0.1']});
		const run = network.sealport(directory, ['--json'], {HOME: home});
		const {port} = await run.listening();
		const asking = {host: '172.17.0.1', port};
		t.regex((await curl(guest, asking)).stdout, / 200$/);

		// A connection that stays open.
		const kept = guest.start(home, 'openssl', [
			's_client',
			'-quiet',
			'-connect',
			`172.17.0.1:${port}`,
		]);
		await run.says(/"event":"listening"/);

		configure({expose: true});
		await run.says(/error: expose: everyone who can reach this machine could connect/);
		t.regex((await curl(guest, asking)).stdout, / 200$/);

		configure({});
		await run.says(/"event":"reloaded"/);
		t.is((await curl(guest, asking)).code, 7);
		await kept.ended;
		const {stdout} = await network.run('curl', '-sSk', `https://localhost:${port}/`);
		t.is(stdout, `127.0.0.1 localhost:${port}/`);
	},
);

alone(
	'by client certificate, a container gets in with one of the authority, and the backend learns the name',
	async t => {
		t.timeout(300_000);
		const {guest, network, sealport} = await startMachine(t);
		const {said, ca} = await sealport('--expose', '--mtls');
		t.is(
			said.reach,
			'everyone who can reach 172.17.0.1 or fd00:17::1 and has a client certificate',
		);
		const directory = temporaryDirectory(t);
		const made = network.sealport(directory, ['cert', '--client', 'alice'], {HOME: home});
		t.is(await made.ended, 0, made.stderr);
		const files = [
			'--cert',
			join(directory, 'alice-client.pem'),
			'--key',
			join(directory, 'alice-client-key.pem'),
		];
		for (const host of guest.gateways) {
			const asking = {ca, host, port: said.port};
			t.regex((await curl(guest, asking)).stdout, / 403$/);
			const {stdout, stderr} = await curl(guest, asking, ...files);
			t.regex(stdout, / 200$/, stderr);
		}
	},
);
