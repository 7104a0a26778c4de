import test from 'ava';
import {findBackend} from '../../lib/cli/find-backend.js';
import type {DevServer} from '../../lib/find/dev-servers.js';

const at = (port: number, directory: string) =>
	({port, backend: String(port), label: 'vite', pid: port, directory}) as DevServer;

const found = (...answering: DevServer[]) => Promise.resolve({answering, silent: []});

test('of several, the one of this directory is meant', async t => {
	const find = () => found(at(3000, '/a'), at(4000, '/b'));
	t.is(await findBackend({quiet: true}, find, '/b'), '4000');
});

test('two of this directory are listed as any', async t => {
	const find = () => found(at(3000, '/a'), at(4000, '/a'));
	t.is(await findBackend({quiet: true}, find, '/a'), undefined);
});
