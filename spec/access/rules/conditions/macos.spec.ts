import test from 'ava';
import {paperSystem} from '../../../helpers/paper-system.js';
import {heldBy, peer} from '../../../helpers/peers.js';
import {files, read, refusal, verdicts} from '../../../helpers/rule-verdicts.js';

const mac = paperSystem('darwin', files, {
	'/usr/bin/id -u carol': '502\n',
	'/bin/ps -o lstart= -p 900': 'Mon Nov 23 09:26:19 2026    \n',
});

test('macOS: users of its directory, times of start, and no namespaces', t => {
	t.is(read('user=carol', mac).user?.uid, 502);
	t.is(read('pid=900', mac).pid?.started, 'Mon Nov 23 09:26:19 2026');
	t.regex(refusal('pid=901', mac).message, /no process/);
	t.regex(refusal('netns=x', mac).message, /Linux only/);
	t.regex(refusal('container=0123456789ab', mac).message, /Linux only/);
});

test('macOS: a path that differs in capital letters may be the same', t => {
	const client = heldBy(peer({executable: '/usr/bin/Curl'}));
	t.deepEqual(verdicts('exe=/usr/bin/curl', client, mac), [false, true]);
	t.deepEqual(verdicts('exe=/usr/bin/c*', client, mac), [false, true]);
	t.deepEqual(verdicts('exe=/usr/bin/curl', heldBy(peer()), mac), [true, true]);
});
