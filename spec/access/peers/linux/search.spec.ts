import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openOnLinux} from '../../../../lib/access/peers/linux/search.js';
import {temporaryDirectory} from '../../../helpers/temporary-directory.js';

const ends = {
	remoteAddress: '127.0.0.1',
	remotePort: 1,
	localAddress: '127.0.0.1',
	localPort: 2,
};

/** A search whose thread runs something else. */
function open(t: ExecutionContext, lines: string, patience?: number) {
	const file = join(temporaryDirectory(t), 'thread.mjs');
	writeFileSync(file, `import {parentPort} from 'node:worker_threads';\n${lines}`);
	const search = openOnLinux(patience, file);
	t.teardown(() => search.close());
	return search;
}

const answers = 'parentPort.postMessage({id, peers: {holders: [{pid: 1}]}})';

test('a thread that ends fails what waits for it, and the next lookup has another', async t => {
	const search = open(
		t,
		`parentPort.on('message', ({id, ends}) => { if (ends.remotePort === 1) process.exit(3); ${answers}; });`,
	);
	const waiting = [search.find(ends), search.find(ends)];
	for (const each of waiting) {
		await t.throwsAsync(each, {message: /search for processes/});
	}
	t.is((await search.find({...ends, remotePort: 3})).holders[0]?.pid, 1);
});

test('a thread that throws fails what waits for it', async t => {
	const search = open(t, `parentPort.on('message', () => { throw new Error('broken'); });`);
	await t.throwsAsync(search.find(ends), {message: /search for processes failed: broken/});
});

test('a thread that does not answer fails what waits for it, and is replaced', async t => {
	const search = open(
		t,
		`parentPort.on('message', ({id, ends}) => { if (ends.remotePort === 1) for (;;); ${answers}; });`,
		3000,
	);
	await t.throwsAsync(search.find(ends), {message: /not found within 3 s/});
	t.is((await search.find({...ends, remotePort: 3})).holders[0]?.pid, 1);
});

test('what waits fails when the search is closed, and so does what comes later', async t => {
	const search = open(t, `parentPort.on('message', () => undefined);`);
	const waiting = search.find(ends);
	search.close();
	await t.throwsAsync(waiting, {message: /closed/});
	await t.throwsAsync(search.find(ends), {message: /closed/});
});
