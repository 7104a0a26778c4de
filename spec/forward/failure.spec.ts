import test from 'ava';
import {ProxyError, type ProxyErrorCode} from '../../lib/errors.js';
import {answerFor} from '../../lib/forward/failure.js';
import {valuesOf} from '../../lib/forward/headers.js';

const error = new ProxyError('backend-refused', 'upstream', 'it refused', {hint: 'start it'});
const asked = (accept?: string) => ({
	method: 'GET',
	headers: accept === undefined ? [] : ['Accept', accept],
});

for (const [accept, type] of [
	[undefined, 'text/plain; charset=utf-8'],
	['*/*', 'text/plain; charset=utf-8'],
	['text/html', 'text/html; charset=utf-8'],
	['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html; charset=utf-8'],
	['application/json', 'application/json'],
	['application/json, text/plain, */*', 'application/json'],
	['application/vnd.api+json', 'application/json'],
	['application/json, text/html', 'application/json'],
	['image/avif,image/webp', 'text/plain; charset=utf-8'],
] as const) {
	test(`who accepts ${accept ?? 'nothing in particular'} gets ${type}`, t => {
		const {headers, body} = answerFor(error, asked(accept));
		t.deepEqual(valuesOf(headers, 'content-type'), [type]);
		t.deepEqual(valuesOf(headers, 'content-length'), [String(body.length)]);
		t.deepEqual(valuesOf(headers, 'sealport-error'), ['backend-refused']);
		t.regex(String(body), /it refused/);
		t.regex(String(body), /start it/);
	});
}

const statuses: Readonly<Record<ProxyErrorCode, number>> = {
	'request-malformed': 400,
	'credentials-missing': 401,
	'access-denied': 403,
	'certificate-refused': 403,
	'route-missing': 404,
	'head-timeout': 408,
	'name-not-served': 421,
	'too-many-tries': 429,
	'head-too-large': 431,
	'function-failed': 500,
	'method-refused': 501,
	'backend-refused': 502,
	'backend-reset': 502,
	'backend-malformed': 502,
	draining: 503,
	'backend-timeout': 504,
	loop: 508,
};

for (const [code, status] of Object.entries(statuses)) {
	test(`${code} is ${status}`, t => {
		const failure = new ProxyError(code as ProxyErrorCode, 'internal', 'x');
		t.is(answerFor(failure, asked()).status, status);
	});
}

test('the page has the words of the system, one line for each address that was tried', t => {
	const cause = new AggregateError([
		new Error('refused by 127.0.0.1'),
		new Error('refused by ::1'),
	]);
	const failure = new ProxyError('backend-refused', 'upstream', 'it refused', {cause});
	t.regex(
		String(answerFor(failure, asked('text/html')).body),
		/refused by 127\.0\.0\.1\nrefused by ::1/,
	);
	t.notRegex(String(answerFor(failure, asked()).body), /127/);
});

const told = new ProxyError('backend-reset', 'upstream', 'it broke off', {
	lastWords: () => '\x1b[31mError: <img src=x>\x1b[0m\n    at \x1b]0;t\x07"server.js"\n\n',
});

test('a page has the last lines of the process, in their colours and as text', t => {
	const {headers, body} = answerFor(told, asked('text/html'));
	t.regex(
		String(body),
		/<span class="f1">Error: &lt;img src=x&gt;<\/span>\n {4}at &quot;server.js&quot;<\/pre>/,
	);
	t.regex(String(body), /^\.f1 \{/m);
	const [policy = ''] = valuesOf(headers, 'content-security-policy');
	t.notRegex(policy, /unsafe/);
	t.notRegex(String(body), / style=/);
});

test('JSON and text have them without colours', t => {
	const lines = ['Error: <img src=x>', '    at "server.js"'];
	t.deepEqual(JSON.parse(String(answerFor(told, asked('application/json')).body)).output, lines);
	t.is(
		String(answerFor(told, asked()).body),
		`it broke off\n\nits last lines:\n\n${lines.join('\n')}\n`,
	);
});

test('without any, nothing is said of them', t => {
	for (const lastWords of [undefined, () => undefined, () => '']) {
		const failure = new ProxyError('backend-reset', 'upstream', 'it broke off', {lastWords});
		t.notRegex(String(answerFor(failure, asked('text/html')).body), /terminal/);
		t.is(String(answerFor(failure, asked()).body), 'it broke off\n');
		t.false('output' in JSON.parse(String(answerFor(failure, asked('application/json')).body)));
	}
});
