import {execFileSync} from 'node:child_process';
import {generateKeyPairSync} from 'node:crypto';
import {
	appendFileSync,
	mkdirSync,
	readFileSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import test from 'ava';
import {openAuthority} from '../../../lib/pki/store/open-authority.js';
import {needs} from '../../helpers/programs.js';
import {newStore, refusesStore} from '../../helpers/stores.js';

for (const [what, spoil, message] of [
	['empty', (file: string) => truncateSync(file), /authority\.pem: it is truncated/],
	['cut in the middle', (file: string) => truncateSync(file, 1200), /truncated/],
	['garbage', (file: string) => writeFileSync(file, Buffer.alloc(3000, 7)), /truncated, or not/],
	['huge', (file: string) => appendFileSync(file, 'x'.repeat(100_000)), /far too many/],
	[
		'broken inside a block',
		(file: string) =>
			writeFileSync(file, readFileSync(file, 'utf8').replace(/^M.{9}/m, 'MAAAAAAAAA')),
		/damaged/,
	],
	[
		'with the key of another',
		(file: string) => {
			const {privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
			const pem = privateKey.export({type: 'pkcs8', format: 'pem'}).toString();
			const rest = readFileSync(file, 'utf8').replace(
				/^[\s\S]*?PRIVATE KEY-----\n[\s\S]*?PRIVATE KEY-----\n/,
				'',
			);
			writeFileSync(file, pem + rest);
		},
		/its key does not belong/,
	],
	[
		'a directory',
		(file: string) => {
			rmSync(file);
			mkdirSync(file);
		},
		/not a plain file/,
	],
] as const) {
	test(`authority.pem ${what}: refused, never a silently new authority`, async t => {
		const {directory, file} = await newStore(t);
		spoil(file);
		const {message: text} = await refusesStore(t, directory, message);
		t.true(text.includes(file));
	});
}

test('authority.pem cut off anywhere is refused', async t => {
	const {directory, file} = await newStore(t);
	const content = readFileSync(file, 'utf8');
	const ends = Array.from(content.matchAll(/-----\n/g), ({index}) => index);
	const steps = Array.from({length: 40}, (_, step) => Math.floor((content.length * step) / 40));
	for (const length of new Set([0, 1, ...ends, ...steps])) {
		if (content.length - length > 1) {
			writeFileSync(file, content.slice(0, length));
			await refusesStore(t, directory, /it is truncated, or not what Sealport wrote/);
		}
	}
});

test('ca.pem cut off anywhere is written anew', async t => {
	const {directory, caFile} = await newStore(t);
	const content = readFileSync(caFile, 'utf8');
	for (let length = content.length - 1; length >= 0; length -= 97) {
		writeFileSync(caFile, content.slice(0, length));
		await openAuthority(directory);
		t.is(readFileSync(caFile, 'utf8'), content);
	}
});

test('authority.pem with the root of another authority is refused', async t => {
	const {directory, file} = await newStore(t);
	const other = await newStore(t);
	const [key, issuing] = readFileSync(file, 'utf8').split(/(?<=-----END [A-Z ]+-----\n)/);
	writeFileSync(file, `${key}${issuing}${other.authority.root}`);
	await refusesStore(t, directory, /do not belong together/);
});

needs('mkfifo')('a named pipe in place of authority.pem is refused at once', async t => {
	const {directory, file} = await newStore(t);
	rmSync(file);
	execFileSync('mkfifo', ['-m', '600', file]);
	await refusesStore(t, directory, /not a plain file/);
});
