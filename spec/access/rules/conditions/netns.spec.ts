import test from 'ava';
import {parseRule} from '../../../../lib/access/rules/rule.js';
import {UserError} from '../../../../lib/errors.js';
import {temporaryDirectory} from '../../../helpers/temporary-directory.js';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('what is no network namespace is refused', t => {
	for (const [text, why] of [
		[temporaryDirectory(t), /is no network namespace/],
		['/proc/self/ns/pid', /is no network namespace/],
		['/etc/passwd', /is no network namespace/],
		['/proc/self/ns/none', /cannot find the network namespace/],
		['no-such-namespace', /cannot find the network namespace "no-such-namespace": no such file/],
		['../x', /expected a name or a path/],
		['..', /expected a name or a path/],
	] as const) {
		t.throws(
			() => parseRule(`netns=${text}`, 'allow'),
			{instanceOf: UserError, message: why},
			text,
		);
	}
});
