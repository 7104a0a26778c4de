import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {chromium, type Page} from 'playwright-core';
import {pkcs12Of, type Shown} from '../client-certificates.js';
import {must} from '../making.js';
import {certutil, makeDatabase} from '../nss.js';
import {pathOf} from '../programs.js';
import {temporaryDirectory} from '../temporary-directory.js';
import type {Guarded} from './stage.js';

/**
 * Starts Chromium with a home of its own, whose NSS database holds one client certificate. Its profile says
 * what a person would say in the dialogue: that the certificate is to be used for this address.
 */
export async function openChromiumAs(
	t: ExecutionContext,
	{tunnel, caFile}: Guarded,
	shown: Shown | undefined,
): Promise<{readonly page: Page; readonly close: () => Promise<void>}> {
	const home = temporaryDirectory(t);
	const database = join(home, '.pki', 'nssdb');
	await makeDatabase(database);
	await certutil(database, '-A', '-t', 'C,,', '-n', 'sealport', '-i', caFile);
	if (shown !== undefined) {
		const file = await pkcs12Of(t, shown);
		await must('pk12util', ['-d', `sql:${database}`, '-i', file, '-W', 'secret', '-K', '']);
	}
	const profile = join(home, 'profile');
	mkdirSync(join(profile, 'Default'), {recursive: true});
	const exceptions = {
		auto_select_certificate: {[`${tunnel.url},*`]: {setting: {filters: [{}]}}},
	};
	const preferences = {profile: {content_settings: {exceptions}}};
	writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
	const {PATH = ''} = process.env;
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: pathOf('chromium') ?? 'chromium',
		env: {PATH, HOME: home},
		ignoreHTTPSErrors: false,
		args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
		timeout: 0,
	});
	t.teardown(() => context.close());
	return {page: await context.newPage(), close: () => context.close()};
}
