import test from 'ava';
import {exchangeLine} from '../../lib/cli/output.js';
import {ProxyError} from '../../lib/index.js';

const report = {
	version: 'HTTP/1.1',
	method: 'GET',
	host: 'localhost',
	target: '/page?q=1',
	status: 200,
	complete: true,
	milliseconds: 12.4,
	failure: undefined,
};

test('a line for an exchange', t => {
	t.is(exchangeLine(report), '200 GET localhost/page?q=1 HTTP/1.1 12 ms');
	t.is(
		exchangeLine({...report, complete: false}),
		'200 GET localhost/page?q=1 HTTP/1.1 12 ms, client left',
	);
	const failure = new ProxyError('backend-refused', 'upstream', 'backend unix:/x does not exist');
	t.is(
		exchangeLine({...report, status: undefined, failure}),
		'--- GET localhost/page?q=1 HTTP/1.1 12 ms, backend unix:/x does not exist',
	);
});

test('a line for an exchange is one short line, whatever the network put into it', t => {
	const hostile = '\u001b[2J\r\n\u202e200 ok ';
	const line = exchangeLine({
		...report,
		method: hostile,
		host: hostile.repeat(99),
		target: `/${hostile.repeat(999)}`,
	});
	t.notRegex(line, /[\u0000-\u001f\u007f-\u009f\u202e]/);
	t.true(line.length < 300, String(line.length));
	t.true(line.includes('\\x1b'));
});
