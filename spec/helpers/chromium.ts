import {execFile} from 'node:child_process';
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {ExecutionContext} from 'ava';
import {chromium, type Page} from 'playwright-core';
import {pathOf} from './programs.js';
import {temporaryDirectory} from './temporary-directory.js';

const run = promisify(execFile);

/** A page in a browser, and whatever went wrong in it. */
export interface Watched {
	readonly page: Page;
	/** Errors of the console and of scripts. */
	readonly errors: readonly string[];
	/** Requests that failed, or were answered with an error's status. */
	readonly failed: readonly string[];
}

/**
 * Starts Chromium with a home of its own, which is where it looks for trusted certificates, and
 * without any flag that would make it less strict about them. It ends when the spec ends.
 *
 * @param caFile the one certificate that is trusted besides the public ones; none when left out
 * @param args further flags
 */
export async function openChromium(
	t: ExecutionContext,
	caFile?: string,
	args: readonly string[] = [],
): Promise<Watched> {
	const home = temporaryDirectory(t);
	const database = join(home, '.pki', 'nssdb');
	await mkdir(database, {recursive: true});
	await run('certutil', ['-d', `sql:${database}`, '-N', '--empty-password']);
	if (caFile !== undefined) {
		const arguments_ = ['-A', '-t', 'C,,', '-n', 'sealport', '-i', caFile];
		await run('certutil', ['-d', `sql:${database}`, ...arguments_]);
	}
	return openChromiumAt(t, home, args);
}

/** Starts Chromium as `openChromium` does, with a home that is there. */
export async function openChromiumAt(
	t: ExecutionContext,
	home: string,
	args: readonly string[] = [],
): Promise<Watched & {readonly close: () => Promise<void>}> {
	const {PATH = ''} = process.env;
	const browser = await chromium.launch({
		executablePath: pathOf('chromium') ?? 'chromium',
		env: {PATH, HOME: home},
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			'--no-first-run',
			...args,
		],
	});
	t.teardown(() => browser.close());
	const context = await browser.newContext({ignoreHTTPSErrors: false});
	const page = await context.newPage();
	const errors: string[] = [];
	const failed: string[] = [];
	page.on('console', message => {
		if (message.type() === 'error') {
			errors.push(message.text());
		}
	});
	page.on('pageerror', error => errors.push(String(error)));
	page.on('requestfailed', request => {
		failed.push(`${request.url()} ${request.failure()?.errorText}`);
	});
	page.on('response', response => {
		if (response.status() >= 400) {
			failed.push(`${response.url()} ${response.status()}`);
		}
	});
	return {page, errors, failed, close: () => browser.close()};
}

/** By which protocols the document and everything that it loaded came, each named once. */
export async function protocolsOf(page: Page): Promise<string[]> {
	const all = await page.evaluate<string[]>(
		"['navigation', 'resource'].flatMap(type => performance.getEntriesByType(type)).map(entry => entry.nextHopProtocol)",
	);
	return [...new Set(all)];
}

/** Takes a picture for whoever asks for pictures by naming a directory in SEALPORT_SPEC_PICTURES. */
export async function portray(page: Page, name: string): Promise<void> {
	const directory = process.env.SEALPORT_SPEC_PICTURES;
	if (directory !== undefined) {
		await page.screenshot({path: join(directory, `${name}.png`), fullPage: true});
	}
}
