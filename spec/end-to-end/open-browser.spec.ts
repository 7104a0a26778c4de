import {existsSync} from 'node:fs';
import {chmod, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

// The launcher for Linux honours BROWSER; those of macOS and Windows ask the system.
const onLinux = unless(process.platform !== 'linux' && 'Linux only', false);

onLinux('--open gives the URL to the browser', async t => {
	const directory = temporaryDirectory(t);
	const browser = join(directory, 'browser');
	const opened = join(directory, 'opened');
	await writeFile(
		browser,
		`#!/bin/sh\nprintf '%s\\n' "$@" > '${opened}.new'\nmv '${opened}.new' '${opened}'\n`,
	);
	await chmod(browser, 0o700);
	const flags = ['3000', '--port', '0', '--json', '--open'];
	const sealport = runSealport(t, home, flags, {BROWSER: browser});
	const {url} = await sealport.listening();
	while (!existsSync(opened)) {
		await pause(20);
	}
	t.is(await readFile(opened, 'utf8'), `${url}\n`);
	t.is(sealport.stderr, '');
});

onLinux('a browser that cannot be opened is a warning, and serving goes on', async t => {
	const env = {BROWSER: join(temporaryDirectory(t), 'missing'), PATH: '/usr/bin:/bin'};
	const sealport = runSealport(t, home, ['3000', '--port', '0', '--open'], env);
	await sealport.says(/warning: cannot open the browser: .*https:\/\/localhost:\d+/);
	t.is(sealport.child.exitCode, null);
});
