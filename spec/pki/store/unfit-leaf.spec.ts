import {X509Certificate} from 'node:crypto';
import {
	chmodSync,
	chownSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {loadDer} from '../../../lib/pki/der.js';
import {createLeaf} from '../../../lib/pki/leaf.js';
import {parseName} from '../../../lib/pki/names.js';
import {pemBlocks} from '../../../lib/pki/pem.js';
import {kept, madeAnew, names, seen, start} from '../../helpers/kept-leaf.js';
import {unless} from '../../helpers/programs.js';
import {newStore} from '../../helpers/stores.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

/** The key and the certificate of the leaf that is kept. */
const parts = (directory: string) =>
	readFileSync(kept(directory), 'utf8').match(/-----BEGIN [\s\S]*?-----END .*\n/g) ?? [];

for (const [what, damage] of [
	['empty', () => ''],
	['not PEM', () => 'x'.repeat(500)],
	['cut off', (text: string) => text.slice(0, 600)],
	['too large', (text: string) => text + 'x'.repeat(70_000)],
	['without its key', (text: string) => text.slice(text.indexOf('-----BEGIN CERT'))],
	['of three parts', (text: string) => text + text.slice(text.indexOf('-----BEGIN CERT'))],
	[
		'with a bit of the signature changed',
		(text: string) => {
			const at = text.indexOf('-----END CERT') - 12;
			return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
		},
	],
] as const) {
	test(`a kept leaf that is damaged is replaced without a word: ${what}`, async t => {
		const {directory} = await newStore(t);
		const {serial} = await start(directory);
		const text = readFileSync(kept(directory), 'utf8');
		writeFileSync(kept(directory), damage(text));
		const next = await madeAnew(t, directory, serial);
		t.deepEqual(next.warnings, []);
	});
}

test('a kept leaf with the key of another is replaced', async t => {
	const {directory} = await newStore(t);
	await start(directory);
	const [key] = parts(directory);
	rmSync(kept(directory));
	const {serial} = await start(directory);
	writeFileSync(kept(directory), `${key}${parts(directory)[1]}`);
	await madeAnew(t, directory, serial);
});

for (const [what, options] of [
	['a server that is to live longer', {days: 365}],
	['a client', {purposes: ['clientAuth']}],
] as const) {
	test(`a certificate that was made for ${what} is not served as the leaf`, async t => {
		const {directory, authority} = await newStore(t);
		const {key, chain} = createLeaf(
			await loadDer(),
			authority,
			names.map(parseName),
			Date.now(),
			options,
		);
		const [leaf] = pemBlocks(chain);
		writeFileSync(kept(directory), `${key}${leaf?.text}`, {mode: 0o600});
		await madeAnew(t, directory, new X509Certificate(chain).serialNumber);
	});
}

const withLinks = unless(process.platform === 'win32' && 'links need rights on Windows', false);

withLinks('a link in its place is not followed, and what it leads to is left alone', async t => {
	const {directory} = await newStore(t);
	const {serial} = await start(directory);
	const elsewhere = join(temporaryDirectory(t), 'elsewhere.pem');
	renameSync(kept(directory), elsewhere);
	const text = readFileSync(elsewhere, 'utf8');
	symlinkSync(elsewhere, kept(directory));
	await madeAnew(t, directory, serial);
	t.is(readFileSync(elsewhere, 'utf8'), text);
});

const withModes = unless(process.platform === 'win32' && 'Windows has no modes', false);

withModes('a leaf that others could read is replaced', async t => {
	const {directory} = await newStore(t);
	const {serial} = await start(directory);
	chmodSync(kept(directory), 0o644);
	await madeAnew(t, directory, serial);
});

const asRoot = unless(process.getuid?.() !== 0 && 'only root can give files away', false);

asRoot('a leaf that belongs to somebody else is replaced', async t => {
	const {directory} = await newStore(t);
	const {serial} = await start(directory);
	chownSync(kept(directory), 65_534, 65_534);
	await madeAnew(t, directory, serial);
});

test('where the leaf cannot be kept it is served all the same', async t => {
	const {directory} = await newStore(t);
	mkdirSync(join(kept(directory), 'in the way'), {recursive: true});
	const first = await start(directory);
	t.is((await seen(t, first, 'localhost'))?.serialNumber, first.serial);
	t.not((await start(directory)).serial, first.serial);
});
