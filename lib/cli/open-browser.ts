import {warn} from './output.js';

/** Opens a page in the person's browser, or says that they have to. */
export async function openBrowser(url: string): Promise<void> {
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
