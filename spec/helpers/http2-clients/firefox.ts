import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {spawnProgram} from '../cli.js';
import {certutil, makeDatabase} from '../nss.js';
import {temporaryDirectory} from '../temporary-directory.js';
import {openBidi} from '../visitors/bidi.js';
import {quietFirefox} from '../visitors/browsers.js';

const preferences = {
	...quietFirefox,
	// It would open connections on the chance that they are needed.
	'network.http.speculative-parallel-limit': 0,
};

/**
 * Starts Firefox with a profile of its own that trusts one root besides the public ones. It ends when
 * the spec ends.
 *
 * @param more further preferences
 * @returns goes to an address and returns the browser's answer once all of the page is there
 */
export async function openFirefox(
	t: ExecutionContext,
	caFile: string,
	more: Readonly<Record<string, boolean | number | string>> = {},
): Promise<(url: string) => Promise<string>> {
	const home = temporaryDirectory(t);
	const profile = join(home, 'profile');
	await makeDatabase(profile);
	await certutil(profile, '-A', '-t', 'C,,', '-n', 'sealport', '-i', caFile);
	const lines = Object.entries({...preferences, ...more}).map(
		([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
	);
	writeFileSync(join(profile, 'user.js'), lines.join(''));
	const browser = spawnProgram(
		t,
		home,
		'firefox-esr',
		['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
		{},
		true,
	);
	await browser.says(/ws:\/\/\S+\n/);
	const [address = ''] = /ws:\/\/\S+/.exec(browser.stderr) ?? [];
	return openBidi(t, address);
}
