import {spawn} from 'node:child_process';
import {mkdir, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import type {ExecutionContext} from 'ava';
import {freePort} from './free-port.js';
import {temporaryDirectory} from './temporary-directory.js';

const files: Readonly<Record<string, string>> = {
	'index.html': `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>wrapped</title><link rel="icon" href="data:,"></head>
<body><h1 id="greeting"></h1><p id="sum"></p><script type="module" src="/main.js"></script></body>
</html>
`,
	'main.js': `import {greet} from './greeting.js';
import {sum} from './sum.js';
import './look.css';
const show = greeting => { document.getElementById('greeting').textContent = greeting(); };
show(greet);
document.getElementById('sum').textContent = String(sum(20, 22));
import.meta.hot.accept('./greeting.js', changed => show(changed.greet));
`,
	'greeting.js': `export const greet = () => 'hello through the tunnel';\n`,
	'sum.js': 'export const sum = (a, b) => a + b;\n',
	'look.css': 'h1 { color: rgb(10, 106, 102); }\n',
};

/** A dev server of Vite with a small project, ended when the spec ends. */
export async function startVite(
	t: ExecutionContext,
): Promise<{readonly port: number; edit(file: string, text: string): Promise<void>}> {
	const project = join(temporaryDirectory(t), 'project');
	await mkdir(project);
	const edit = (file: string, text: string) => writeFile(join(project, file), text);
	for (const [file, text] of Object.entries(files)) {
		await edit(file, text);
	}
	const manifest = createRequire(import.meta.url).resolve('vite/package.json');
	const {PATH} = process.env;
	const port = await freePort();
	const child = spawn(
		process.execPath,
		[join(dirname(manifest), 'bin', 'vite.js'), '--port', String(port)],
		{cwd: project, env: {PATH, HOME: dirname(project)}, stdio: ['ignore', 'pipe', 'pipe']},
	);
	const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
	t.teardown(async () => {
		child.kill('SIGKILL');
		await ended;
	});
	let output = '';
	const url = await new Promise<string>((resolve, reject) => {
		const read = (chunk: Buffer) => {
			output += stripVTControlCharacters(String(chunk));
			const found = /http:\/\/localhost:\d+/.exec(output)?.[0];
			if (found !== undefined) {
				resolve(found);
			}
		};
		child.stdout.on('data', read);
		child.stderr.on('data', read);
		child.once('close', code => reject(new Error(`vite ended with ${code}: ${output}`)));
	});
	return {port: Number(new URL(url).port), edit};
}
