import {createRequire} from 'node:module';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {openChromium} from '../helpers/chromium.js';
import {spawnProgram} from '../helpers/cli.js';
import {freePort} from '../helpers/free-port.js';
import {makeProject, type Project} from '../helpers/project.js';
import {configure, linkSealport, pluginCerts, runVite} from '../helpers/vite-plugin.js';

const files = {
	'index.html': `<!doctype html><link rel="icon" href="data:,"><h1></h1><script type="module" src="/main.js"></script>`,
	'main.js': `import {greeting} from './greeting.js';
const show = text => { document.querySelector('h1').textContent = text; };
show(greeting);
import.meta.hot.accept('./greeting.js', changed => show(changed.greeting));
`,
	'greeting.js': `export const greeting = 'hello';\n`,
	'typed.ts': `import sealport from 'sealport/vite';
import {defineConfig} from 'vite';
export default defineConfig({plugins: [sealport({names: ['app.test'], routes: {'/api': 4000}})]});
// @ts-expect-error no such option
sealport({prot: 1});
`,
};

// Version 7 is the one of the other spec of the plugin.
const versions = ['5.4.21', '6.4.6', '8.3.8'] as const;
const projects: [string, Project][] = [];
for (const version of versions) {
	projects.push([version, await makeProject({vite: version}, files)]);
}

for (const [version, project] of projects) {
	const {directory} = project;
	project.test(
		`the plugin in Vite ${version}: trusted, replaces modules, restarts, and fits its types`,
		async t => {
			t.timeout(300_000);
			linkSealport(directory);
			configure(directory);
			const vite = createRequire(join(directory, 'package.json')).resolve('vite/package.json');
			const run = runVite(t, directory, vite, '--port', String(await freePort()));
			const [url = ''] = await run.urls();
			t.regex(url, /^https:\/\/localhost:\d+\/$/);
			const {page} = await openChromium(t, join(pluginCerts, 'ca.pem'));
			await page.goto(url);
			await page.getByText('hello').waitFor();
			await page.evaluate("window.kept = 'state of the page'");
			project.edit('greeting.js', 'hello', 'edited meanwhile');
			await page.getByText('edited meanwhile').waitFor();
			t.is(await page.evaluate('window.kept'), 'state of the page');

			configure(directory, {names: ['app.test']});
			await run.says('server restarted');
			project.edit('greeting.js', 'edited meanwhile', 'edited after it');
			// A watcher that has only just begun can miss an edit, and then one saves again.
			const saves = setInterval(
				() => project.edit('greeting.js', 'edited after it', 'edited after it'),
				3000,
			);
			await page
				.getByText('edited after it')
				.waitFor()
				.finally(() => clearInterval(saves));
			t.is(page.url(), url);

			const require = createRequire(import.meta.url);
			const types = fileURLToPath(new URL('../../../node_modules/@types', import.meta.url));
			const compiler = require
				.resolve('typescript/package.json')
				.replace('package.json', 'bin/tsc');
			const flags = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck'];
			const target = ['--module', 'nodenext', '--target', 'es2022'];
			const known = ['--typeRoots', types, '--types', 'node'];
			const args = [compiler, ...flags, ...target, ...known, 'typed.ts'];
			const compiled = spawnProgram(t, directory, process.execPath, args);
			t.is(await compiled.ended, 0, compiled.stdout);
		},
	);
}
