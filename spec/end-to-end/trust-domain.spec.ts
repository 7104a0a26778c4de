import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import type {ListeningEvent} from '../helpers/cli.js';
import {sealportProgram} from '../helpers/cli.js';
import {fakeClock, withFakeClock} from '../helpers/fake-clock.js';
import {noOwnMachine, type OwnMachine, ownMachine} from '../helpers/own-machine.js';
import {unless} from '../helpers/programs.js';
import {modeOf} from '../helpers/stores.js';

const title = unless(noOwnMachine);

/** Starts `sealport` on a machine and waits until it listens. */
async function serveOn(
	machine: OwnMachine,
	port: number,
	...flags: readonly string[]
): Promise<ListeningEvent> {
	const command = [sealportProgram, String(port), '--port', '0', '--json', ...flags];
	return machine.start(process.execPath, command).listening();
}

/** The body that curl gets, trusting what the machine trusts; or curl's exit code. */
async function curl(machine: OwnMachine, {port}: ListeningEvent, name: string) {
	const {code, stdout} = await machine.run('curl', [
		...['--silent', '--resolve', `${name}:${port}:127.0.0.1`],
		`https://${name}:${port}/`,
	]);
	return code === 0 ? stdout : code;
}

const notTrusted = 60;

async function helloBackend(t: ExecutionContext): Promise<number> {
	const backend = await startBackend(t, (_request, response) => response.end('hello'));
	return backend.port;
}

title("--domain: a name of one's own is refused before and trusted after", async t => {
	const machine = await ownMachine(t);
	const backend = await helloBackend(t);
	const name = 'app.dev.example.com';
	await machine.sealport(['trust', '--store', 'system']);
	const before = await serveOn(machine, backend);
	t.is(await curl(machine, before, 'localhost'), 'hello');
	const refused = await machine.sealport([String(backend), '--port', '0', '--name', name]);
	t.is(refused.code, 2);
	t.regex(refused.stderr, /hint: .*sealport trust --domain app\.dev\.example\.com/);

	const widened = await machine.sealport([
		'trust',
		'--store',
		'system',
		'--domain',
		'dev.example.com',
	]);
	t.is(widened.code, 0, widened.stderr);
	t.regex(widened.stderr, /may not vouch for dev\.example\.com: restart every sealport/);
	t.is(
		await curl(machine, before, 'localhost'),
		notTrusted,
		'the old root went out in the same step',
	);
	const after = await serveOn(machine, backend, '--name', name);
	t.is(await curl(machine, after, name), 'hello');
	t.is(await curl(machine, after, 'localhost'), 'hello');

	const again = await machine.sealport([
		'trust',
		'--store',
		'system',
		'--domain',
		'dev.example.com',
		'--json',
	]);
	t.regex(again.stdout, /"outcome":"present"/);
	const another = await machine.sealport([
		'trust',
		'--store',
		'system',
		'--domain',
		'other.example',
		'--json',
	]);
	t.regex(another.stdout, /"domains":\["dev\.example\.com","other\.example"\]/);
	await machine.sealport(['untrust', '--store', 'system']);
	t.is(await curl(machine, after, name), notTrusted);
});

(noOwnMachine === false ? withFakeClock : title)(
	'a CA that nears its end is warned of and replaced; the old one is no longer trusted',
	async t => {
		const machine = await ownMachine(t);
		const backend = await helloBackend(t);
		const faketime = (days: number, ...args: readonly string[]) =>
			machine.sealport(args, fakeClock(`+${days}d`));
		await machine.sealport(['trust', '--store', 'system']);
		const old = await serveOn(machine, backend);
		t.is(await curl(machine, old, 'localhost'), 'hello');

		const late = await faketime(3650, String(backend), '--port', '0');
		t.is(late.code, 1);
		t.regex(late.stderr, /it expired on .* and the clock of this machine says/);
		t.regex(late.stderr, /hint: if that is right, run sealport trust/);

		const command = [sealportProgram, String(backend), '--port', '0'];
		await machine
			.start(process.execPath, command, fakeClock('+3630d'))
			.says(/expires in \d+ days, on .*: run sealport trust/);

		const near = await faketime(3630, 'trust', '--store', 'system');
		t.is(near.code, 0, near.stderr);
		t.regex(near.stderr, /a new authority replaces the old one, since the old one ends on/);
		t.is(await curl(machine, old, 'localhost'), notTrusted);
		const bundle = await machine.run('grep', ['-c', 'BEGIN', '/etc/ssl/certs/ca-certificates.crt']);
		await faketime(3630, 'untrust', '--store', 'system');
		const less = await machine.run('grep', ['-c', 'BEGIN', '/etc/ssl/certs/ca-certificates.crt']);
		t.is(Number(bundle.stdout) - Number(less.stdout), 1, 'one root at a time');
	},
);

title('--renew: a store that is damaged or was copied is replaced, its root goes out', async t => {
	const machine = await ownMachine(t);
	const backend = await helloBackend(t);
	await machine.sealport(['trust', '--store', 'system']);
	const old = await serveOn(machine, backend);
	const file = join(machine.home, '.local', 'share', 'sealport', 'authority.pem');
	await machine.run('truncate', ['--size=700', file]);
	const plain = await machine.sealport(['trust', '--store', 'system']);
	t.is(plain.code, 1);
	t.regex(plain.stderr, /truncated/);
	t.regex(plain.stderr, /hint: run sealport trust --renew/);
	t.is(await curl(machine, old, 'localhost'), 'hello', 'nothing was changed');

	const renewed = await machine.sealport(['trust', '--store', 'system', '--renew']);
	t.is(renewed.code, 0, renewed.stderr);
	t.is(await curl(machine, old, 'localhost'), notTrusted);
	const fresh = await serveOn(machine, backend);
	t.is(await curl(machine, fresh, 'localhost'), 'hello');
	t.is(modeOf(file), 0o600);
});
