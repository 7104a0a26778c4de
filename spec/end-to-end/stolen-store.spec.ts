import {X509Certificate} from 'node:crypto';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {noOwnMachine, ownMachine} from '../helpers/own-machine.js';
import {needs, unless} from '../helpers/programs.js';
import {
	caExtensions,
	type Forged,
	type Loot,
	rob,
	serverExtensions,
	sign,
	startFakeServer,
} from '../helpers/thief.js';
import {browsers} from '../helpers/visitors/browsers.js';
import {programs} from '../helpers/visitors/programs.js';
import type {Visitor} from '../helpers/visitors/visitor.js';

const bank = 'www.bank.example';

/** What a thief would try, which host the client asks for, and whether the names alone are at fault. */
interface Attempt {
	readonly what: string;
	readonly host: string;
	readonly forge: (t: ExecutionContext, loot: Loot) => Promise<Forged>;
	readonly unpermitted: boolean;
}

const leaf =
	(subject: string, names?: string): Attempt['forge'] =>
	(t, {issuing}) =>
		sign(t, issuing, subject, serverExtensions(names));

const attempts: readonly Attempt[] = [
	{
		what: 'a leaf for a public name',
		host: bank,
		forge: leaf(`/CN=${bank}`, `DNS:${bank}`),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public name beside localhost, to localhost',
		host: 'localhost',
		forge: leaf('/CN=localhost', `DNS:localhost,DNS:${bank}`),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public name beside localhost, to the public name',
		host: bank,
		forge: leaf('/CN=localhost', `DNS:localhost,DNS:${bank}`),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public IPv4 address',
		host: 'localhost',
		forge: leaf('/CN=localhost', 'DNS:localhost,IP:203.0.113.7'),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public IPv6 address',
		host: 'localhost',
		forge: leaf('/CN=localhost', 'DNS:localhost,IP:2001:db8::7'),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public IPv4 address written as IPv6',
		host: 'localhost',
		forge: leaf('/CN=localhost', 'DNS:localhost,IP:::ffff:203.0.113.7'),
		unpermitted: true,
	},
	{
		what: 'a leaf with the public name as its common name, and no other',
		host: bank,
		forge: leaf(`/CN=${bank}`),
		unpermitted: false,
	},
	{
		what: 'a leaf with the public name as its common name, and an address that is permitted',
		host: bank,
		forge: leaf(`/CN=${bank}`, 'IP:127.0.0.1'),
		unpermitted: false,
	},
	{
		what: 'a leaf with the public name as a URI',
		host: bank,
		forge: leaf(`/CN=${bank}`, `URI:https://${bank}/`),
		unpermitted: false,
	},
	{
		what: 'a leaf for a wildcard',
		host: bank,
		forge: leaf('/O=Thief', 'DNS:*.bank.example'),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public name in upper case and with a dot at its end',
		host: bank,
		forge: leaf('/O=Thief', `DNS:${bank.toUpperCase()}.`),
		unpermitted: false,
	},
	{
		what: 'a leaf for localhost below a new intermediate',
		host: 'localhost',
		async forge(t, {issuing}) {
			const intermediate = await sign(t, issuing, '/CN=New intermediate', caExtensions);
			return sign(t, intermediate, '/CN=localhost', serverExtensions('DNS:localhost'));
		},
		unpermitted: false,
	},
	{
		what: 'a leaf for a public name below a new intermediate that permits it',
		host: bank,
		async forge(t, {issuing}) {
			const intermediate = await sign(t, issuing, '/CN=New intermediate', [
				...caExtensions,
				'nameConstraints=critical,permitted;DNS:bank.example',
			]);
			return sign(t, intermediate, `/CN=${bank}`, serverExtensions(`DNS:${bank}`));
		},
		unpermitted: false,
	},
	{
		what: "a leaf for a public name below an intermediate of the issuing CA's own name",
		host: bank,
		async forge(t, {issuing}) {
			const {subject} = new X509Certificate(issuing.certificate);
			const name = `/${subject.replaceAll('\n', '/')}`;
			const intermediate = await sign(t, issuing, name, caExtensions);
			return sign(t, intermediate, `/CN=${bank}`, serverExtensions(`DNS:${bank}`));
		},
		unpermitted: true,
	},
];

/** One at a time: all of them at once would bring a machine with two cores to its knees. */
let last: Promise<unknown> = Promise.resolve();

for (const visitor of [...programs, ...browsers]) {
	const test =
		noOwnMachine === false ? needs('openssl', ...visitor.programs) : unless(noOwnMachine);
	test(`${visitor.name} accepts what Sealport signs, and nothing that a thief can`, t => {
		t.timeout(170_000);
		const turn = last.then(() => run(t, visitor));
		last = turn.catch(() => undefined);
		return turn;
	});
}

async function run(t: ExecutionContext, visitor: Visitor): Promise<void> {
	t.timeout(170_000);
	const machine = await ownMachine(t, [`127.0.0.1 ${bank}`]);
	const trusted = await machine.sealport(['trust', '--store', 'system']);
	t.is(trusted.code, 0, trusted.stderr);
	const store = join(machine.home, '.local', 'share', 'sealport');
	const visit = await visitor.arrive(t, machine, join(store, 'ca.pem'));
	const see = async (forged: Forged, host: string) => {
		const server = await startFakeServer(t, forged);
		const said = await visit(host, server.port);
		return {accepted: server.requests > 0, said: `${said}${server.failures}`};
	};
	const loot = rob(store);
	// What an honest holder of the key makes, by the same tool as all that follows.
	const honest = await sign(t, loot.issuing, '/CN=localhost', serverExtensions('DNS:localhost'));
	const control = await see(honest, 'localhost');
	t.true(control.accepted, control.said);
	for (const {what, host, forge, unpermitted} of attempts) {
		const {accepted, said} = await see(await forge(t, loot), host);
		t.false(accepted, `${what}: ${said}`);
		if (unpermitted && visitor.unpermitted !== undefined) {
			t.regex(said, visitor.unpermitted, what);
		}
		if (process.env.SEE)
			console.log(`@@@ ${visitor.name} | ${what} | ${accepted} | ${said.slice(0, 8000)}`);
	}
}
