import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {openAuthority} from '../../lib/pki/store/open-authority.js';
import {attempts, bank} from '../helpers/attempts.js';
import {home} from '../helpers/home.js';
import {noOwnMachine, type OwnMachine, ownMachine} from '../helpers/own-machine.js';
import {specFile} from '../helpers/owner.js';
import {needs, unless} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {newStore} from '../helpers/stores.js';
import {type Forged, rob, serverExtensions, sign, startFakeServer} from '../helpers/thief.js';
import {browsers} from '../helpers/visitors/browsers.js';
import {programs} from '../helpers/visitors/programs.js';
import type {Visitor} from '../helpers/visitors/visitor.js';

/** A name that the authority may vouch for. */
const local = 'www.shop.test';

const store = join(home, 'store');

/** A certificate, the host that a client is to ask for, and what to expect. */
interface Case {
	readonly what: string;
	readonly host: string;
	readonly forged: Forged;
	readonly honest: boolean;
	readonly unpermitted: boolean;
}

/** Made once for all clients. What honest holders of the key make comes from the same tool as the rest. */
async function makeCases(t: ExecutionContext): Promise<readonly Case[]> {
	await openAuthority(store);
	const loot = rob(store);
	const cases: Case[] = [];
	for (const [host, names] of [
		['localhost', 'DNS:localhost,IP:127.0.0.1,IP:::1'],
		[local, `DNS:${local}`],
	] as const) {
		const forged = await sign(t, loot.issuing, `/CN=${host}`, serverExtensions(names));
		cases.push({
			what: `an honest leaf for ${host}`,
			host,
			forged,
			honest: true,
			unpermitted: false,
		});
	}
	for (const {what, host, forge, unpermitted} of attempts) {
		cases.push({what, host, forged: await forge(t, loot), honest: false, unpermitted});
	}
	return cases;
}

let cases: Promise<readonly Case[]> | undefined;

/** One at a time: all of them at once would bring a machine with two cores to its knees. */
let last: Promise<unknown> = Promise.resolve();

for (const visitor of [...programs, ...browsers]) {
	const test =
		noOwnMachine === false ? needs('openssl', ...visitor.programs) : unless(noOwnMachine);
	test(`${visitor.name} accepts what Sealport signs, and nothing that a thief can`, t => {
		const turn = last.then(() => tryAll(t, visitor));
		last = turn.catch(() => undefined);
		return turn;
	});
}

/** One machine for all clients: what makes the system trust a root takes longer than most of them. */
let trusting: Promise<OwnMachine> | undefined;

async function makeMachine(): Promise<OwnMachine> {
	const machine = await ownMachine(specFile, [`127.0.0.1 ${bank} ${local}`]);
	const trust = await machine.sealport(['trust', '--store', 'system', '--certs', store]);
	if (trust.code !== 0) {
		throw new Error(trust.stderr);
	}
	return machine;
}

async function tryAll(t: ExecutionContext, visitor: Visitor): Promise<void> {
	t.timeout(170_000);
	cases ??= makeCases(t);
	const all = await cases;
	trusting ??= makeMachine();
	const machine = await trusting;
	const visit = await visitor.arrive(t, machine, join(store, 'ca.pem'));
	for (const {what, host, forged, honest, unpermitted} of all) {
		const server = await startFakeServer(t, forged);
		const said = `${await visit(host, server.port)}${server.failures}`;
		t.is(server.requests > 0, honest, `${what}: ${said}`);
		if (unpermitted && visitor.unpermitted !== undefined) {
			t.regex(said, visitor.unpermitted, what);
		}
	}
}

needs('openssl', 'certtool')(
	'what a thief signs is good for neither mail nor programs',
	async t => {
		const {directory, caFile} = await newStore(t);
		const {issuing} = rob(directory);
		for (const [purpose, openssl, oid] of [
			['emailProtection', 'smimesign', '1.3.6.1.5.5.7.3.4'],
			['codeSigning', 'smimesign', '1.3.6.1.5.5.7.3.3'],
		] as const) {
			const {certificate} = await sign(t, issuing, '/CN=Somebody', [
				...['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,digitalSignature'],
				...[`extendedKeyUsage=${purpose}`, 'subjectAltName=email:somebody@bank.example'],
			]);
			const chain = join(directory, '..', `${purpose}.pem`);
			writeFileSync(chain, certificate + issuing.certificate);
			const byOpenssl = await run('openssl', [
				...['verify', '-purpose', openssl, '-CAfile', caFile, '-untrusted', chain, chain],
			]);
			t.regex(byOpenssl.stderr, /unsuitable certificate purpose|unsupported certificate purpose/);
			const byGnutls = await run('certtool', [
				...['--verify', '--load-ca-certificate', caFile, '--infile', chain],
				...['--verify-purpose', oid],
			]);
			t.regex(byGnutls.stdout, /Not verified.*does not match the intended purpose/);
		}
	},
);
