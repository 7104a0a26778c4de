import {X509Certificate} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import test from 'ava';
import {renewAuthority} from '../../../lib/pki/store/renew-authority.js';
import {kept, madeAnew, names, seen, start} from '../../helpers/kept-leaf.js';
import {modeOf, newStore} from '../../helpers/stores.js';
import {until} from '../../helpers/until.js';

const day = 86_400_000;

test('the second start serves the leaf of the first, which nobody else can read', async t => {
	const {directory} = await newStore(t);
	const first = await start(directory);
	t.is(modeOf(kept(directory)), 0o600);
	const second = await start(directory);
	t.is(second.serial, first.serial);
	t.is((await seen(t, second, 'localhost'))?.serialNumber, first.serial);
	t.is((await seen(t, second, ''))?.serialNumber, first.serial);
});

test('with a kept leaf other names get leaves of their own, from the first client on', async t => {
	const {directory} = await newStore(t);
	await start(directory);
	const second = await start(directory);
	const shown = await Promise.all(
		['a.localhost', 'b.localhost', 'a.localhost'].map(name => seen(t, second, name)),
	);
	t.deepEqual(
		shown.map(certificate => certificate?.subjectAltName),
		['DNS:a.localhost', 'DNS:b.localhost', 'DNS:a.localhost'],
	);
	for (const certificate of shown) {
		t.is(certificate?.validTo, second.leaf.validTo);
		t.true(certificate?.publicKey.equals(second.leaf.publicKey));
	}
});

for (const keyType of ['ec', 'rsa'] as const) {
	test(`a kept leaf is renewed in its time, without a restart: ${keyType}`, async t => {
		const {directory} = await newStore(t);
		const born = Date.now();
		await start(directory, {keyType});
		let time = born;
		const second = await start(directory, {keyType, now: () => time});
		t.is(second.leaf.publicKey.asymmetricKeyType, keyType);
		time = born + 19.9 * day;
		t.is(new X509Certificate(second.unnamed().cert).serialNumber, second.serial);
		time = born + 20.1 * day;
		await until('another leaf', () => {
			const next = new X509Certificate(second.unnamed().cert);
			return next.serialNumber !== second.serial && next.checkHost('localhost') !== undefined;
		});
		const next = new X509Certificate(second.unnamed().cert);
		t.is(next.publicKey.equals(second.leaf.publicKey), keyType === 'rsa');
	});
}

for (const [what, options] of [
	['a name more', {names: [...names, 'app.test']}],
	['a name less', {names: ['localhost']}],
	['another name', {names: ['localhost', '127.0.0.2', '::1']}],
	['another kind of key', {keyType: 'rsa'}],
] as const) {
	test(`a start that asks for ${what} gets a leaf of its own, which is kept`, async t => {
		const {directory} = await newStore(t);
		const {serial} = await start(directory);
		const other = await start(directory, options);
		t.not(other.serial, serial);
		t.truthy(await seen(t, other, 'localhost'));
		t.is((await start(directory, options)).serial, other.serial);
	});
}

test('a leaf serves the starts of its first two thirds, and none before its time', async t => {
	const {directory} = await newStore(t);
	const now = Date.now();
	const {serial} = await start(directory);
	t.is((await start(directory, {now: () => now + 19.9 * day})).serial, serial);
	await madeAnew(t, directory, serial, now + 20.1 * day);
	const late = await start(directory, {now: () => now + 20.1 * day});
	await madeAnew(t, directory, late.serial, now);
});

test('the leaf of an authority that was replaced is not served', async t => {
	const {directory} = await newStore(t);
	const {serial} = await start(directory);
	await renewAuthority(directory, []);
	const next = await madeAnew(t, directory, serial);
	t.is((await seen(t, next, 'localhost'))?.serialNumber, next.serial);
});

test('a leaf of the same names from another store is not served', async t => {
	const [one, other] = [await newStore(t), await newStore(t)];
	await start(one.directory);
	const {serial} = await start(other.directory);
	writeFileSync(kept(one.directory), readFileSync(kept(other.directory)));
	await madeAnew(t, one.directory, serial);
});

test('starts at once all serve, and one of their leaves is kept', async t => {
	const {directory} = await newStore(t);
	const all = await Promise.all(Array.from({length: 8}, () => start(directory)));
	for (const each of all) {
		t.is((await seen(t, each, 'localhost'))?.serialNumber, each.serial);
	}
	const {serial} = await start(directory);
	t.true(all.some(each => each.serial === serial));
});
