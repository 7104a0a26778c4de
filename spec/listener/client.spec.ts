import test from 'ava';
import {clientOf} from '../../lib/listener/client.js';

const at = (remoteAddress: string) =>
	clientOf({remoteAddress, remotePort: 50_000}, undefined, undefined);

test('an address of IPv4 that came mapped is written as one', t => {
	t.is(at('::ffff:127.0.0.9').address, '127.0.0.9');
	t.is(at('::1').address, '::1');
	t.is(at('fe80::1%eth0').address, 'fe80::1%eth0');
});
