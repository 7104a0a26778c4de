import {chmodSync, chownSync, lstatSync, mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {unless} from '../../helpers/programs.js';
import {run} from '../../helpers/run.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const onlyRoot = unless(process.getuid?.() !== 0 && 'only root runs under sudo', false);
const library = new URL('../../../lib/index.js', import.meta.url).href;
const script = `
import {serve} from ${JSON.stringify(library)};
const identities = new Set();
const watch = setInterval(() => identities.add(process.geteuid()), 0);
const tunnels = await Promise.all(
	process.argv.slice(1).map((certs, index) =>
		serve({routes: 1, port: 0, certs, ...(index === 0 ? {selfSigned: true} : {})}),
	),
);
clearInterval(watch);
console.log([...identities, process.geteuid(), process.getegid()].join());
await Promise.all(tunnels.map(tunnel => tunnel.close(0)));
`;

onlyRoot('under sudo several starts in one process all make files of the person', async t => {
	const room = temporaryDirectory(t);
	chmodSync(room, 0o755);
	const person = join(room, 'person');
	mkdirSync(person);
	chownSync(person, 65_534, 65_534);
	const stores = ['one', 'two', 'three', 'four'].map(name => join(person, name));
	const {code, stdout, stderr} = await run(
		process.execPath,
		['--input-type=module', '--eval', script, ...stores],
		{env: {SUDO_UID: '65534', SUDO_GID: '65534'}},
	);
	t.is(code, 0, stderr);
	t.regex(stdout, /^(0,)+0\n$/, 'nobody else ever sees the other identity');
	const files = readdirSync(person, {recursive: true, encoding: 'utf8'});
	t.is(files.length, 4 + 1 + 3 * 3, files.join());
	for (const file of files) {
		const {uid, gid} = lstatSync(join(person, file));
		t.deepEqual([file, uid, gid], [file, 65_534, 65_534]);
	}
});

onlyRoot('a number without an account is nobody who called sudo', async t => {
	const room = temporaryDirectory(t);
	const {code, stderr} = await run(
		process.execPath,
		['--input-type=module', '--eval', script, join(room, 'store')],
		{env: {SUDO_UID: '54321', SUDO_GID: '54321'}},
	);
	t.is(code, 0, stderr);
	t.is(lstatSync(join(room, 'store')).uid, 0);
});
