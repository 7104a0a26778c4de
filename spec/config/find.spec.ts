import {chmodSync, chownSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {findConfig} from '../../lib/config/find.js';
import {UserError} from '../../lib/errors.js';
import {write} from '../helpers/configured.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

/** Ownership can be given away by root alone. */
const asRoot = process.getuid?.() === 0 ? test : test.skip;
const somebody = 65_534;

function inOpenDirectory(t: ExecutionContext, name: string, content: unknown) {
	const directory = temporaryDirectory(t);
	chmodSync(directory, 0o777);
	const project = join(directory, 'project');
	mkdirSync(project);
	const file = join(directory, name);
	write(file, content);
	return {project, file};
}

for (const [name, content] of [
	['sealport.config.mjs', 'export default {}'],
	['package.json', {sealport: {routes: 1}}],
] as const) {
	asRoot(`${name} of another user above one's own project is refused`, t => {
		const {project, file} = inOpenDirectory(t, name, content);
		t.is(findConfig(project, '/'), file);
		chownSync(file, somebody, somebody);
		const error = t.throws(() => findConfig(project, '/'), {instanceOf: UserError});
		t.is(error?.code, 'config-unreadable');
		t.regex(error?.hint ?? '', /--config/);
	});

	asRoot(`${name} is read in a project of another user to which one has gone`, t => {
		const {project, file} = inOpenDirectory(t, name, content);
		chownSync(file, somebody, somebody);
		chownSync(project, somebody, somebody);
		t.is(findConfig(project, '/'), file);
	});
}
