import test from 'ava';
import {servedNames} from '../../../lib/access/names.js';
import {
	type Kinship,
	kinshipOf,
	originOfReferer,
} from '../../../lib/access/same-site/page-origin.js';
import {parseAuthority} from '../../../lib/forward/authority.js';

const {isAskedFor} = servedNames(['app.test', '192.168.1.5', '*.wild.test'], () => true);

const kinships: Readonly<Record<string, Readonly<Record<Kinship, readonly string[]>>>> = {
	'localhost:62893': {
		own: ['https://localhost:62893'],
		sibling: [
			'https://app.localhost:62893',
			'https://127.0.0.1:62893',
			'https://[::1]:62893',
			'https://192.168.1.5:62893',
			'https://app.test:62893',
			'https://a.wild.test:62893',
			'https://localhost.:62893',
		],
		foreign: [
			'http://localhost:62893',
			'https://localhost',
			'https://localhost:443',
			'https://localhost:9999',
			'https://localhost:628930',
			'https://evil.test:62893',
			'https://localhost.evil.test:62893',
			'https://xlocalhost:62893',
			'https://evil.test#localhost:62893',
			'https://localhost:62893@evil.test:62893',
			'https://me@localhost:62893',
			'https://localhost:62893/',
			'https://localhost:62893 https://evil.test',
			'https://evil.test,https://localhost:62893',
			'HTTPS://localhost:62893',
			' https://localhost:62893',
			'https:/localhost:62893',
			'https:\\\\localhost:62893',
			'https://',
			'localhost:62893',
			'wss://localhost:62893',
			'chrome-extension://abcdef',
			'file://',
			'null',
			'',
		],
	},
	localhost: {
		own: ['https://localhost', 'https://localhost:443'],
		sibling: ['https://app.localhost'],
		foreign: ['https://localhost:62893', 'http://localhost', 'http://localhost:443'],
	},
	'localhost:443': {own: ['https://localhost'], sibling: [], foreign: []},
	'localhost.:8443': {
		own: ['https://localhost.:8443'],
		sibling: ['https://localhost:8443'],
		foreign: ['https://localhost.'],
	},
	'[::1]:8443': {
		own: ['https://[::1]:8443'],
		sibling: ['https://localhost:8443'],
		foreign: ['https://::1:8443', 'https://[::2]:8443'],
	},
	'vouched.test:8443': {
		own: ['https://vouched.test:8443'],
		sibling: ['https://localhost:8443'],
		foreign: ['https://other.vouched.test:8443'],
	},
};

for (const [host, expected] of Object.entries(kinships)) {
	for (const kinship of ['own', 'sibling', 'foreign'] as const) {
		for (const origin of expected[kinship]) {
			test(`"${origin}" is ${kinship} to ${host}`, t => {
				t.is(kinshipOf(origin, parseAuthority(host), isAskedFor), kinship);
			});
		}
	}
}

for (const [referer, origin] of [
	['https://localhost:62893/a?b', 'https://localhost:62893'],
	['https://localhost:62893', 'https://localhost:62893'],
	['https://localhost:62893?https://evil.test/', 'https://localhost:62893'],
	['https://localhost:62893#a', 'https://localhost:62893'],
	['http://localhost/', 'http://localhost'],
	['https://a@evil.test/', 'https://a@evil.test'],
	['//localhost:62893/', '//localhost:62893/'],
	['about:blank', 'about:blank'],
	['', ''],
] as const) {
	test(`the page at "${referer}" has the origin "${origin}"`, t => {
		t.is(originOfReferer(referer), origin);
	});
}
