import test from 'ava';
import {exposureWarnings} from '../../../lib/access/exposure/exposure.js';
import {type ServeOptions, validate} from '../../../lib/config/options.js';
import {ConfigError} from '../../../lib/config/problems.js';

type Asked = Omit<ServeOptions, 'routes'> & {readonly routes?: ServeOptions['routes']};

const read = (asked: Asked) => validate({routes: 3000, ...asked});
const restricted: Asked = {allow: 'address=172.17.0.0/16'};
const beyond = [
	'172.17.0.1',
	'192.0.2.7',
	'0.0.0.0',
	'::',
	'fd00::1',
	'fe80::1',
	'::ffff:192.0.2.7',
];

for (const host of beyond) {
	test(`to listen on ${host} takes expose`, t => {
		for (const asked of [{host}, {host, expose: false}, {host, ...restricted}]) {
			const error = t.throws(() => read(asked), {code: 'option-invalid', instanceOf: ConfigError});
			t.deepEqual(
				error?.problems.map(({path}) => path),
				['host'],
			);
			t.true(error?.hint?.includes('--expose'));
		}
		t.notThrows(() => read({host, expose: true, ...restricted}));
		t.notThrows(() => read({host, expose: 'anyone'}));
	});
}

for (const host of [
	'loopback',
	'localhost',
	'127.0.0.1',
	'127.9.9.9',
	'::1',
	'[::1]',
	'::ffff:127.0.0.1',
]) {
	test(`${host} is reached from this machine only, with expose and without`, t => {
		t.deepEqual(exposureWarnings(read({host}).access), []);
		const [warning = '', ...more] = exposureWarnings(read({host, expose: true}).access);
		t.regex(warning, /^expose changes nothing/);
		t.deepEqual(more, []);
	});
}

test('expose without host is for all addresses', t => {
	t.is(read({expose: 'anyone'}).host, 'any');
	t.is(read({expose: true, token: true}).host, 'any');
	t.is(read({expose: false}).host, 'loopback');
	t.deepEqual(exposureWarnings(read({expose: 'anyone'}).access), []);
});

const enough: Readonly<Record<string, Asked>> = {
	'a rule': restricted,
	'a rule among several': {allow: ['address=172.17.0.2', 'user=me']},
	'a client certificate': {mtls: true},
	'authorities of client certificates': {clientCa: 'ca.pem'},
	'a token': {token: true},
	'a file with a token': {tokenFile: 'token'},
	'a password': {auth: 'me:secret'},
	'a file with passwords': {authFile: 'passwords'},
	'a rule of every route': {
		routes: [
			{match: '/', backend: 3000, allow: 'user=me'},
			{match: '/api', backend: 4000, allow: ['address=172.17.0.2']},
		],
	},
};

for (const [what, asked] of Object.entries(enough)) {
	test(`${what} says who may connect`, t => {
		t.notThrows(() => read({...asked, expose: true}));
	});
}

const tooLittle: Readonly<Record<string, readonly [Asked, string]>> = {
	nothing: [{}, 'nothing says who may connect'],
	'no certificate': [{mtls: false, token: false}, 'nothing says who may connect'],
	'empty rules': [{allow: []}, 'nothing says who may connect'],
	'a rule of what is refused': [{deny: 'address=172.17.0.0/16'}, 'deny rules let in all'],
	'pages of the same site': [{sameSiteOnly: true}, 'not programs'],
	'a rule for all of IPv4': [{allow: 'address=0.0.0.0/0'}, 'address=0.0.0.0/0 is everybody'],
	'a rule for all of IPv4, written as IPv6': [
		{allow: 'address=::ffff:0:0/96'},
		'address=::ffff:0:0/96 is everybody',
	],
	'a rule for all of IPv6': [
		{allow: ['user=me', ' address = ::/0 ']},
		'address = ::/0  is everybody',
	],
	'a rule of one of two routes': [
		{
			routes: [
				{match: '/', backend: 3000, allow: 'user=me'},
				{match: '/api', backend: 4000},
			],
		},
		'nothing says who may connect to /api',
	],
	'rules of a route that refuse': [
		{routes: [{match: '/', backend: 3000, deny: 'user=me'}]},
		'nothing says who may connect',
	],
};

for (const [what, [asked, why]] of Object.entries(tooLittle)) {
	test(`${what} says too little`, t => {
		for (const host of [undefined, '172.17.0.1']) {
			const error = t.throws(() => read({...asked, host, expose: true}), {
				code: 'option-invalid',
				instanceOf: ConfigError,
			});
			t.deepEqual(
				error?.problems.map(({path}) => path),
				['expose'],
			);
			t.true(error?.message.includes(why), error?.message);
			t.true(error?.message.includes(host ?? 'this machine'));
			t.true(error?.hint?.includes('--expose=anyone'));
		}
		t.notThrows(() => read({...asked, expose: 'anyone'}));
	});
}

const missing: ReadonlyArray<readonly [Asked, readonly string[]]> = [
	[{allow: 'address=172.17.0.0/16'}, ['127.0.0.1', '::1']],
	[{allow: ['address=172.17.0.0/16,user=me', 'address=127.0.0.0/8']}, ['::1']],
	[{allow: ['address=172.17.0.0/16', 'address=127.0.0.1', 'address=::1']}, []],
	[{allow: ['address=172.17.0.0/16', 'user=me']}, []],
	[{allow: 'address=172.17.0.0/16', host: '0.0.0.0'}, ['127.0.0.1']],
	[{allow: 'address=172.17.0.0/16', host: '172.17.0.1'}, []],
	[{token: true}, []],
];

for (const [asked, addresses] of missing) {
	test(`${JSON.stringify(asked)} is warned of: ${addresses.join() || 'nothing'}`, t => {
		const warnings = exposureWarnings(read({...asked, expose: true}).access);
		t.is(warnings.length, Math.min(1, addresses.length));
		for (const address of ['127.0.0.1', '::1']) {
			const hint = `--allow address=${address}`;
			t.is(
				warnings.some(warning => warning.includes(hint)),
				addresses.includes(address),
			);
		}
	});
}

test('the port of an address of this machine cannot be the backend', t => {
	const error = t.throws(() =>
		read({routes: 'http://172.17.0.1:5', port: 5, host: '172.17.0.1', expose: 'anyone'}),
	);
	t.regex(error?.message ?? '', /is the port that Sealport itself is to listen on/);
	t.throws(() => read({routes: 5, port: 5, expose: 'anyone'}), {message: /itself/});
});
