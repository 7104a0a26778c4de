import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {OwnMachine} from '../own-machine.js';
import {openBidi} from './bidi.js';
import {hear, must, type Visitor} from './visitor.js';

/** Makes an NSS database, which is where browsers on Linux look, with one root in it. */
async function trustInNss(machine: OwnMachine, directory: string, caFile: string): Promise<void> {
	mkdirSync(directory, {recursive: true});
	const database = ['-d', `sql:${directory}`];
	const root = ['-A', '-t', 'C,,', '-n', 'sealport', '-i', caFile];
	await must(machine, 'certutil', [...database, '-N', '--empty-password']);
	await must(machine, 'certutil', [...database, ...root]);
}

/** What keeps Firefox from calling home. */
export const quietFirefox = {
	'app.normandy.enabled': false,
	'app.update.enabled': false,
	'browser.safebrowsing.downloads.remote.enabled': false,
	'browser.safebrowsing.malware.enabled': false,
	'browser.safebrowsing.phishing.enabled': false,
	'datareporting.policy.dataSubmissionEnabled': false,
	'extensions.update.enabled': false,
	'network.captive-portal-service.enabled': false,
	'network.connectivity-service.enabled': false,
	'services.settings.server': 'data:,',
	'toolkit.telemetry.enabled': false,
};

/** Browsers, each with its own database of trusted roots. */
export const browsers: readonly Visitor[] = [
	{
		name: 'Chromium',
		programs: ['chromium', 'certutil'],
		unpermitted: /ERR_CERT_INVALID/,
		async arrive(_t, machine, caFile) {
			await trustInNss(machine, join(machine.home, '.pki', 'nssdb'), caFile);
			return (host, port) =>
				hear(machine, 'chromium', [
					...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'],
					...['--disable-background-networking', '--disable-component-update'],
					...['--disable-sync', `--user-data-dir=${join(machine.home, 'chromium')}`],
					...['--dump-dom', `https://${host}:${port}/`],
				]);
		},
	},
	{
		name: 'Firefox',
		programs: ['firefox-esr', 'certutil'],
		unpermitted: /SEC_ERROR_(CERT_NOT_IN_NAME_SPACE|UNKNOWN_ISSUER)/,
		async arrive(t, machine, caFile) {
			const profile = join(machine.home, 'profile');
			await trustInNss(machine, profile, caFile);
			const lines = Object.entries(quietFirefox).map(
				([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});\n`,
			);
			writeFileSync(join(profile, 'user.js'), lines.join(''));
			const browser = machine.start('firefox-esr', [
				...['--headless', '--no-remote', '--profile', profile],
				...['--remote-debugging-port', '0'],
			]);
			await browser.says(/ws:\/\/\S+\n/);
			const [address = ''] = /ws:\/\/\S+/.exec(browser.stderr) ?? [];
			const navigate = await openBidi(t, address);
			return (host, port) => navigate(`https://${host}:${port}/`);
		},
	},
];
