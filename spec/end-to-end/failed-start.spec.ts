import test from 'ava';
import {startBackend} from '../helpers/backend.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

/** Counts the timers and servers that are there, those that do not keep a process alive included. */
const program = `
import {createHook} from 'node:async_hooks';
import {setTimeout as pause} from 'node:timers/promises';
const [, library, port, certs] = process.argv;
const {serve} = await import(library);
const there = new Map();
createHook({
	init: (id, type) => /^(Timeout|TCPSERVERWRAP|TCPWRAP|PIPEWRAP)$/.test(type) && there.set(id, type),
	destroy: id => there.delete(id),
}).enable();
const codes = new Set();
const fail = () => serve({routes: 1, port, certs}).catch(error => codes.add(error.code));
await fail();
await pause(100);
const before = there.size;
for (let index = 0; index < 10; index++) {
	await fail();
}
await pause(100);
console.log(JSON.stringify({codes: [...codes], left: [...there.values()].slice(before)}));
`;

test('a start that fails, ten times over, leaves neither timers nor servers behind', async t => {
	const {port} = await startBackend(t, (_request, response) => response.end('in the way'));
	const library = new URL('../../lib/index.js', import.meta.url).href;
	const args = [library, String(port), temporaryDirectory(t)];
	const {code, stdout, stderr} = await run(process.execPath, [
		...['--input-type=module', '--eval', program, ...args],
	]);
	t.is(code, 0, stderr);
	t.deepEqual(JSON.parse(stdout), {codes: ['port-taken'], left: []});
});
