import type {Tunnel} from '../index.js';
import {note, warn} from './output.js';

/** Opens a page in the person's browser, or says that they have to. */
export async function openBrowser({url, link}: Pick<Tunnel, 'url' | 'link'>): Promise<void> {
	if (link !== undefined) {
		note(
			'the browser is not given the token, which others could read in the list of processes: open the link yourself',
		);
	}
	const refuse = (why: string) => warn(`cannot open the browser: ${why}: open ${url} yourself`);
	try {
		const {default: open} = await import('open');
		const launcher = await open(url);
		launcher.on('error', error => refuse(error.message));
		launcher.on('exit', code => {
			if (code) {
				refuse(`its launcher ended with code ${code}`);
			}
		});
	} catch (error) {
		refuse(error instanceof Error ? error.message : String(error));
	}
}
