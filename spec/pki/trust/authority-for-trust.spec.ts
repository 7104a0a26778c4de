import {chmodSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {openAuthority} from '../../../lib/pki/store/open-authority.js';
import {renewAuthority} from '../../../lib/pki/store/renew-authority.js';
import {authorityForTrust} from '../../../lib/pki/trust/authority-for-trust.js';
import {modeOf, newStore} from '../../helpers/stores.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const day = 86_400_000;
const wish = {domains: [], renew: false, dryRun: false, now: Date.now()};
const contentOf = (directory: string) =>
	readdirSync(directory).map(name => readFileSync(join(directory, name), 'utf8'));

test('an authority is made where there is none, and kept where there is one', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const first = await authorityForTrust({...wish, directory});
	t.true(first.isNew);
	t.is(first.renewed, undefined);
	const second = await authorityForTrust({...wish, directory});
	t.false(second.isNew);
	t.is(second.root.fingerprint, first.root.fingerprint);
});

test('domains add up; with --renew they are exactly those given, or what they were', async t => {
	const {directory} = await newStore(t);
	const ask = (domains: readonly string[], renew = false) =>
		authorityForTrust({...wish, directory, domains, renew});
	t.deepEqual((await ask(['a.example'])).domains, ['a.example']);
	t.deepEqual((await ask(['b.example'])).domains, ['a.example', 'b.example']);
	const covered = await ask(['x.a.example', 'app.test']);
	t.false(covered.isNew, 'covered already');
	t.deepEqual((await ask([], true)).domains, ['a.example', 'b.example']);
	t.deepEqual((await ask(['b.example', 'app.test'], true)).domains, ['b.example']);
	const {authority} = await openAuthority(directory);
	t.false(authority.constraints.dns.includes('a.example'));
});

test('the domains are those of the root in use, also when the clock was ahead before', async t => {
	const {directory} = await newStore(t);
	await renewAuthority(directory, ['old.example'], Date.now() + day / 2);
	await renewAuthority(directory, ['new.example'], Date.now() - day / 2);
	const {domains} = await authorityForTrust({...wish, directory, renew: true});
	t.deepEqual(domains, ['new.example']);
});

test('the domains of a store that is damaged are those of its newest root', async t => {
	const {directory, file} = await newStore(t);
	await renewAuthority(directory, ['old.example'], Date.now() - 10 * day);
	await renewAuthority(directory, ['new.example']);
	rmSync(file);
	const {domains} = await authorityForTrust({...wish, directory, renew: true});
	t.deepEqual(domains, ['new.example']);
});

test('it is renewed from 30 days before its end, and not before', async t => {
	const {directory} = await newStore(t);
	const at = (days: number) =>
		authorityForTrust({...wish, directory, dryRun: true, now: Date.now() + days * day});
	t.is((await at(3600)).renewed, undefined);
	t.regex((await at(3625)).renewed ?? '', /the old one ends on/);
	t.regex((await at(3700)).renewed ?? '', /the old one ended on/);
});

test('a dry run changes nothing, not even a mode, and refuses what the run would refuse', async t => {
	const {directory, file} = await newStore(t);
	chmodSync(file, 0o644);
	chmodSync(directory, 0o755);
	const before = contentOf(directory);
	await authorityForTrust({...wish, directory, dryRun: true, renew: true, domains: ['a.example']});
	await authorityForTrust({...wish, directory, dryRun: true});
	t.deepEqual(contentOf(directory), before);
	t.is(modeOf(file), 0o644);
	t.is(modeOf(directory), 0o755);
	const {warnings} = await authorityForTrust({...wish, directory});
	t.regex(warnings[0] ?? '', /could be read by other users/, 'so the warning comes when it is due');

	const early = {...wish, directory, dryRun: true, now: Date.now() - 400 * day};
	await t.throwsAsync(authorityForTrust(early), {code: 'store-unusable'});
	rmSync(file);
	await t.throwsAsync(authorityForTrust({...wish, directory, dryRun: true}), {
		code: 'store-unusable',
	});
});
