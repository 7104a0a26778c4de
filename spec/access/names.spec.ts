import test from 'ava';
import {servedNames} from '../../lib/access/names.js';

const policy = servedNames(['app.test', '192.168.1.5'], host => host === 'vouched.test');

for (const host of [
	'localhost',
	'a.localhost',
	'a.b.localhost',
	'127.0.0.1',
	'::1',
	'app.test',
	'192.168.1.5',
	'vouched.test',
]) {
	test(`${host} is served`, t => {
		t.true(policy.serves(host));
		t.is(policy.admit({host, port: undefined, text: host}), undefined);
	});
}

for (const host of [
	'example.com',
	'localhost.example.com',
	'xlocalhost',
	'sub.app.test',
	'127.0.0.2',
	'::2',
	'192.168.1.6',
	'',
]) {
	test(`"${host}" is not served`, t => {
		t.false(policy.serves(host));
		const refusal = policy.admit({host, port: 443, text: host});
		t.is(refusal?.code, 'name-not-served');
		t.is(refusal?.hint, `to serve it, start Sealport with --name ${host}`);
	});
}
