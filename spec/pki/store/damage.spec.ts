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
