import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {devScript} from '../../lib/run/dev-script.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

function project(t: ExecutionContext, files: Readonly<Record<string, object | string>>): string {
	const root = temporaryDirectory(t);
	for (const [name, content] of Object.entries(files)) {
		mkdirSync(dirname(join(root, name)), {recursive: true});
		writeFileSync(
			join(root, name),
			typeof content === 'string' ? content : JSON.stringify(content),
		);
	}
	return root;
}

const dev = {scripts: {dev: 'vite'}};

for (const [manager, files] of [
	['npm', {}],
	['npm', {'package-lock.json': ''}],
	['pnpm', {'pnpm-lock.yaml': ''}],
	['yarn', {'yarn.lock': ''}],
	['bun', {'bun.lock': ''}],
	['bun', {'bun.lockb': ''}],
	['pnpm', {'pnpm-lock.yaml': '', 'package-lock.json': ''}],
	['yarn', {'package.json': {...dev, packageManager: 'yarn@4.1.0'}, 'package-lock.json': ''}],
	['npm', {'package.json': {...dev, packageManager: 'other@1'}}],
] as const) {
	test(`${Object.keys(files).join(', ') || 'no lock file'}: ${manager} ${JSON.stringify(files).length}`, t => {
		const root = project(t, {'package.json': dev, ...files});
		t.deepEqual(devScript(root), {words: [manager, 'run', 'dev'], cwd: root, script: 'vite'});
	});
}

test('the package and its lock file may lie further up', t => {
	const root = project(t, {
		'pnpm-lock.yaml': '',
		'package.json': {packageManager: 'pnpm@9.0.0'},
		'packages/app/package.json': dev,
		'packages/app/src/x.txt': '',
	});
	const {words, cwd} = devScript(join(root, 'packages/app/src'));
	t.deepEqual(words, ['pnpm', 'run', 'dev']);
	t.is(cwd, join(root, 'packages/app'));
});

test('without the script the error says where it was looked for', t => {
	const root = project(t, {'package.json': {scripts: {start: 'node x'}}});
	const error = t.throws(() => devScript(root));
	t.is(error?.message, `no command given, and ${join(root, 'package.json')} has no script "dev"`);
});

test('a broken package.json is told', t => {
	const root = project(t, {'package.json': '{'});
	t.regex(t.throws(() => devScript(root))?.message ?? '', /cannot read .*package\.json: /);
});
