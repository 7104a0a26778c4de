import {chmodSync, chownSync, existsSync, lstatSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {touch} from '../../../lib/pki/trust/touch.js';
import {unless} from '../../helpers/programs.js';
import {modeOf} from '../../helpers/stores.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

unless(process.getuid?.() !== 0 && 'only root gives files away', false)(
	'a copy keeps owner and group',
	t => {
		const at = temporaryDirectory(t);
		const [one, two] = [join(at, 'one'), join(at, 'two')];
		writeFileSync(one, '1');
		chownSync(one, 1234, 4321);
		chmodSync(one, 0o640);
		writeFileSync(two, '2');
		touch({kind: 'copy', from: one, to: two});
		const {uid, gid} = lstatSync(two);
		t.deepEqual([uid, gid], [1234, 4321]);
		t.is(modeOf(two), 0o640);
	},
);

test('what a killed process left where a file is written is removed', t => {
	const at = temporaryDirectory(t);
	const stray = join(at, `.sealport-999999999-${'0'.repeat(16)}.tmp`);
	const path = join(at, 'file');
	writeFileSync(stray, 'half');
	touch({kind: 'write', path, content: 'x', from: '', mode: 0o600});
	t.false(existsSync(stray));
	writeFileSync(stray, 'half');
	touch({kind: 'copy', from: path, to: join(at, 'copy')});
	t.false(existsSync(stray));
	t.is(readFileSync(join(at, 'copy'), 'utf8'), 'x');
});
