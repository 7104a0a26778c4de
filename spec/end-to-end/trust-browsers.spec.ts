import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {isInUse} from '../../lib/pki/trust/nss/in-use.js';
import {startBackend} from '../helpers/backend.js';
import {openChromiumAt} from '../helpers/chromium.js';
import {sealportProgram} from '../helpers/cli.js';
import {contentOf} from '../helpers/content.js';
import {certutil, makeDatabase, rowsOf} from '../helpers/nss.js';
import {noOwnMachine, type OwnMachine, ownMachine} from '../helpers/own-machine.js';
import {needs, unless} from '../helpers/programs.js';
import {newRoot} from '../helpers/root.js';
import {until} from '../helpers/until.js';

const title =
	noOwnMachine === false
		? needs('certutil', 'chromium', 'firefox-esr', 'script')
		: unless(noOwnMachine);

/**
 * A machine on which `sealport` serves `url`, and how often its backend was asked for that so far. `plain`
 * is a page without TLS that embeds it: of a page that it refuses Firefox would never take a picture.
 */
async function servingMachine(t: ExecutionContext) {
	const machine = await ownMachine(t);
	let asked = 0;
	const backend = await startBackend(t, (request, response) => {
		const isPage = request.url === '/page';
		asked += isPage ? 1 : 0;
		response.setHeader('content-type', 'text/html');
		response.end(isPage ? '<title>behind the tunnel</title>' : `<img src="${url}/page">`);
	});
	const command = [sealportProgram, String(backend.port), '--port', '0', '--json'];
	const {url} = await machine.start(process.execPath, command).listening();
	const plain = `http://127.0.0.1:${backend.port}/plain`;
	return {machine, url: `${url}/page`, plain, asked: () => asked};
}

/** The title that Chromium sees, or why it does not load the page. */
async function chromium(t: ExecutionContext, {home}: OwnMachine, url: string): Promise<string> {
	const {page, close} = await openChromiumAt(t, home);
	try {
		await page.goto(url);
		return await page.title();
	} catch (error) {
		return /net::\w+/.exec(String(error))?.[0] ?? String(error);
	} finally {
		await close();
	}
}

title('Chromium: refused, trusted, refused again, and the database is gone', async t => {
	const {machine, url} = await servingMachine(t);
	const pki = join(machine.home, '.pki');
	const trusted = await machine.sealport(['trust', '--store', 'nss']);
	t.is(trusted.code, 0, trusted.stdout + trusted.stderr);
	t.is(await chromium(t, machine, url), 'behind the tunnel');
	const untrusted = await machine.sealport(['untrust', '--store', 'nss']);
	t.is(untrusted.code, 0, untrusted.stdout + untrusted.stderr);
	t.false(existsSync(pki));
	t.is(await chromium(t, machine, url), 'net::ERR_CERT_AUTHORITY_INVALID');
});

title(
	'Chromium with a database of its own: byte for byte what it was, even when Chromium ran',
	async t => {
		const {machine, url} = await servingMachine(t);
		t.is(await chromium(t, machine, url), 'net::ERR_CERT_AUTHORITY_INVALID');
		const pki = join(machine.home, '.local', 'share', 'pki');
		t.true(existsSync(join(pki, 'nssdb', 'cert9.db')), 'Chromium made it');
		const before = contentOf(pki);
		await machine.sealport(['trust', '--store', 'nss']);
		t.is(await chromium(t, machine, url), 'behind the tunnel');
		const again = await machine.sealport(['trust', '--store', 'nss', '--json']);
		t.regex(again.stdout, /"outcome":"present"/);
		await machine.sealport(['untrust', '--store', 'nss']);
		t.deepEqual(contentOf(pki), before);
		t.is(await chromium(t, machine, url), 'net::ERR_CERT_AUTHORITY_INVALID');
	},
);

/** Lets Firefox load a page, and waits until it has ended. */
async function firefox(machine: OwnMachine, url: string): Promise<void> {
	const picture = join(machine.home, 'picture.png');
	const {code, stderr} = await machine.run('timeout', [
		...['100', 'firefox-esr', '--headless', '--screenshot', picture, url],
	]);
	if (code !== 0) {
		throw new Error(`Firefox ended with ${code}: ${stderr}`);
	}
}

/** The directory of the one profile that Firefox has started. */
function profileOf({home}: OwnMachine): string {
	const folders = [join(home, '.mozilla', 'firefox'), join(home, '.config', 'mozilla', 'firefox')];
	const [profile] = folders
		.filter(folder => existsSync(folder))
		.flatMap(folder => readdirSync(folder).map(name => join(folder, name)))
		.filter(path => existsSync(join(path, 'cert9.db')));
	if (profile === undefined) {
		throw new Error('Firefox made no profile');
	}
	return profile;
}

const databaseOf = (profile: string) =>
	Object.fromEntries(
		Object.entries(contentOf(profile)).filter(([path]) =>
			/^(cert9\.db|key4\.db|pkcs11\.txt)/.test(path),
		),
	);

title(
	'Firefox: refused, trusted, refused again, and its database is byte for byte what it was',
	async t => {
		const {machine, url, plain, asked} = await servingMachine(t);
		await firefox(machine, plain);
		t.is(asked(), 0);
		const before = databaseOf(profileOf(machine));
		t.is(Object.keys(before).length, 3);

		const trusted = await machine.sealport(['trust', '--store', 'nss']);
		t.is(trusted.code, 0, trusted.stdout + trusted.stderr);
		await firefox(machine, plain);
		t.is(asked(), 1);
		await firefox(machine, url);
		t.is(asked(), 2, 'and as a page of its own');

		const untrusted = await machine.sealport(['untrust', '--store', 'nss']);
		t.is(untrusted.code, 0, untrusted.stdout + untrusted.stderr);
		t.deepEqual(databaseOf(profileOf(machine)), before);
		await firefox(machine, plain);
		t.is(asked(), 2);
	},
);

title('a running Firefox is told of, and loses nothing', async t => {
	const machine = await ownMachine(t);
	await firefox(machine, 'about:blank');
	const profile = profileOf(machine);
	await machine.sealport(['trust', '--store', 'nss']);
	// Through a shell, since a child of this process would not count.
	const running = machine.start('sh', ['-c', 'firefox-esr --headless about:blank; :']);
	await until('Firefox opened its database', () => isInUse([join(profile, 'cert9.db')]));
	const other = await newRoot(t);
	await certutil(profile, '-A', '-n', 'other', '-t', 'C,,', '-i', other.file);
	const untrusted = await machine.sealport(['untrust', '--store', 'nss']);
	t.regex(untrusted.stdout, /start Firefox anew/);
	t.is(untrusted.code, 0, untrusted.stdout + untrusted.stderr);
	t.deepEqual(await rowsOf(profile), ['other C,,']);
	t.is(running.child.exitCode, null, 'and it still runs');
});

title('a fake certutil earlier in PATH is not run', async t => {
	const machine = await ownMachine(t);
	const database = join(machine.home, '.pki', 'nssdb');
	await makeDatabase(database);
	const bin = join(machine.home, 'bin');
	const mark = join(machine.home, 'the-fake-ran');
	const script = `mkdir -p ${bin}; printf '#!/bin/sh\\ntouch ${mark}\\n' > ${bin}/certutil; chmod +x ${bin}/certutil`;
	await machine.run('sh', ['-c', script]);
	const env = {PATH: `${bin}:${process.env.PATH}`};
	await machine.run('certutil', [], {env});
	t.true(existsSync(mark), 'it would come first');
	await machine.run('rm', [mark]);
	const trusted = await machine.sealport(['trust', '--store', 'nss'], env);
	t.is(trusted.code, 0, trusted.stdout + trusted.stderr);
	t.is((await rowsOf(database)).length, 1);
	t.false(existsSync(mark));
});

title('a locked database is not asked for its password at the terminal', async t => {
	const machine = await ownMachine(t);
	const database = join(machine.home, '.pki', 'nssdb');
	await makeDatabase(database, 'secret');
	const command = `${process.execPath} ${sealportProgram} trust --store nss`;
	const {stdout} = await machine.run('script', ['-qec', command, '/dev/null']);
	t.regex(stdout, /is locked with a primary password/);
	t.notRegex(stdout, /Enter Password/);
	t.deepEqual(await rowsOf(database), []);
});
