import test from 'ava';
import {exchangeLine, routeLines} from '../../lib/cli/output.js';
import {ProxyError} from '../../lib/index.js';

const report = {
	client: {address: '127.0.0.1', port: 50_000, peers: undefined, certificate: undefined},
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

test('the routes at a start: one backend by itself, several in columns, many cut short', t => {
	const all = {match: '/', backend: 'http://localhost:3000'};
	t.deepEqual(routeLines([all]), ['http://localhost:3000']);
	t.deepEqual(routeLines([{match: '/api', backend: 'unix:/x'}]), ['/api -> unix:/x']);
	t.deepEqual(routeLines([all, {match: 'api.localhost', backend: 'http://localhost:4000'}]), [
		'/             -> http://localhost:3000',
		'api.localhost -> http://localhost:4000',
	]);
	const many = Array.from({length: 13}, (_, index) => ({match: `/${index}`, backend: 'unix:/x'}));
	const lines = routeLines(many);
	t.is(lines.length, 11);
	t.is(lines[0], '/0 -> unix:/x');
	t.is(lines.at(-1), 'and 3 more');
});
