import {isIPv6} from 'node:net';
import {checkServerIdentity, type PeerCertificate} from 'node:tls';
import {curl, strictClients} from '../helpers/container-clients.js';
import {startMachine} from '../helpers/machine.js';
import {noOwnNetwork} from '../helpers/own-network.js';
import {unless} from '../helpers/programs.js';

const alone = unless(noOwnNetwork);
const bridged = ['--allow', 'address=172.17.0.0/16', '--allow', 'address=fd00:17::/64'];

alone('a container cannot connect by default, nor to one that listens on loopback', async t => {
	t.timeout(300_000);
	const {guest, network, sealport} = await startMachine(t);
	const {said, ca} = await sealport();
	t.is(said.reach, undefined);
	for (const host of guest.gateways) {
		const {code} = await curl(guest, {ca, host, port: said.port});
		t.is(code, 7, 'curl: connection refused');
	}
	// What is refused there is answered here.
	const args = ['--silent', '--cacert', ca, said.url];
	t.is((await network.run('curl', ...args)).stdout, `127.0.0.1 localhost:${said.port}/`);
});

alone(
	'exposed for another network only, containers get a TLS alert, and one line says so',
	async t => {
		t.timeout(300_000);
		const {guest, sealport} = await startMachine(t);
		const rule = 'address=172.18.0.0/16';
		const {run, said, ca} = await sealport('--expose', '--allow', rule);
		t.is(said.reach, `only 172.18.0.0/16, at 172.17.0.1 or fd00:17::1`);
		for (const [index, host] of guest.gateways.entries()) {
			const {code, stderr} = await curl(guest, {ca, host, port: said.port});
			t.is(code, 35, stderr);
			t.regex(stderr, /access denied/);
			await run.says(new RegExp(`refused: [^\\n]* from ${guest.own[index]}: policy allow: `));
		}
		const plain = await guest.run(
			'curl',
			'-sS',
			`http://172.17.0.1:${said.port}/`,
			'-w',
			'%{http_code}',
		);
		t.is(plain.stdout, '403', plain.stderr);
	},
);

/** Node.js 22.23.3 finds no certificate to be for an address of IPv6, whatever is in it. */
const refusesIpv6 =
	checkServerIdentity('::1', {
		subjectaltname: 'IP Address:0:0:0:0:0:0:0:1',
		subject: {},
	} as unknown as PeerCertificate) !== undefined;

for (const [client, ask] of Object.entries(strictClients)) {
	alone(
		`as configured, ${client} in a container gets in, and verifies name and address`,
		async t => {
			t.timeout(300_000);
			const {guest, sealport} = await startMachine(t);
			const {said, ca} = await sealport('--expose', ...bridged);
			const [v4, v6] = guest.gateways;
			const targets = [
				{host: v4},
				...(client === 'node' && refusesIpv6 ? [] : [{host: v6}]),
				{host: 'host.docker.internal', address: v4},
				{host: 'host.docker.internal', address: v6},
				{host: 'host.containers.internal', address: v4},
			];
			for (const target of targets) {
				const asking = {ca, port: said.port, path: '/a?b', ...target};
				const {stdout, stderr} = await ask(guest, asking);
				const from = guest.own[isIPv6(target.address ?? target.host) ? 1 : 0];
				const name = isIPv6(target.host) ? `[${target.host}]` : target.host;
				t.is(stdout.trim(), `${from} ${name}:${said.port}/a?b 200`, stderr);
			}
		},
	);

	alone(`${client} in a container refuses the certificate for any other name`, async t => {
		t.timeout(300_000);
		const {guest, sealport} = await startMachine(t);
		const {said, ca} = await sealport('--expose=anyone');
		const address = guest.gateways[0];
		for (const host of ['db.test', '172.17.0.3']) {
			const {code, stdout} = await ask(guest, {ca, host, address, port: said.port});
			t.not(code, 0);
			t.notRegex(stdout, /200/);
		}
	});
}

alone(
	'only names and addresses of the machine are answered, as DNS rebinding could bring others',
	async t => {
		t.timeout(300_000);
		const {guest, sealport} = await startMachine(t);
		const {said} = await sealport('--expose=anyone');
		const [address] = guest.gateways;
		const at = async (name: string) =>
			(await curl(guest, {host: address, port: said.port}, '--header', `Host: ${name}`)).stdout;
		for (const name of [
			'evil.example',
			'172.17.0.3',
			'10.0.0.1',
			'172.17.0.1.evil.example',
			'[fd00:17::3]',
		]) {
			t.regex(await at(name), /not served here.* 421$/s, name);
		}
		for (const name of [
			'172.17.0.1',
			'[fd00:17::1]',
			'host.docker.internal',
			'localhost',
			'127.0.0.1',
		]) {
			t.is(await at(name), `172.17.0.2 ${name}/ 200`);
		}
	},
);

alone('who has not been given the CA is told of, with what it lacks', async t => {
	t.timeout(300_000);
	const {guest, sealport} = await startMachine(t);
	const {run, said} = await sealport('--expose=anyone');
	const {code} = await guest.run('curl', '-sS', `https://172.17.0.1:${said.port}/`);
	t.is(code, 60);
	await run.says(/warning: a client (?:at 172\.17\.0\.2 )?does not trust .*give it \S+ca\.pem/);
});

alone('with a token, a container gets in with it only', async t => {
	t.timeout(300_000);
	const {guest, sealport} = await startMachine(t);
	const {said, ca} = await sealport('--expose', '--token=abcdefgh12345678');
	t.is(said.reach, 'everyone who can reach 172.17.0.1 or fd00:17::1 and has the token');
	for (const host of guest.gateways) {
		const asking = {ca, host, port: said.port};
		t.regex((await curl(guest, asking)).stdout, / 401$/);
		t.regex(
			(await curl(guest, asking, '--header', 'Authorization: Bearer abcdefgh12345679')).stdout,
			/ 401$/,
		);
		t.regex(
			(await curl(guest, asking, '--header', 'Authorization: Bearer abcdefgh12345678')).stdout,
			/ 200$/,
		);
	}
});

alone(
	'on the address of a bridge, containers there get in, and loopback is not listened on',
	async t => {
		t.timeout(300_000);
		const {guest, network, sealport} = await startMachine(t);
		const {said, ca} = await sealport(
			'--host',
			'172.17.0.1',
			'--expose',
			'--allow',
			'address=172.17.0.0/16',
		);
		t.deepEqual([said.url, said.addresses], [`https://172.17.0.1:${said.port}`, ['172.17.0.1']]);
		const byName = {ca, host: 'host.docker.internal', address: '172.17.0.1', port: said.port};
		t.regex((await curl(guest, byName)).stdout, / 200$/);
		t.is((await curl(guest, {ca, host: 'fd00:17::1', port: said.port})).code, 7);
		t.is((await network.run('curl', '-sS', `https://127.0.0.1:${said.port}`)).code, 7);
	},
);

alone('plain HTTP from a container is sent on to HTTPS at the same address', async t => {
	t.timeout(300_000);
	const {guest, sealport} = await startMachine(t);
	const {said} = await sealport('--expose', ...bridged);
	const at = `172.17.0.1:${said.port}`;
	const {stdout} = await guest.run('curl', '-sS', '-D', '-', `http://${at}/x`);
	t.regex(stdout, /^HTTP\/1.1 308 /);
	t.true(stdout.includes(`Location: https://${at}/x\r\n`), stdout);
});
