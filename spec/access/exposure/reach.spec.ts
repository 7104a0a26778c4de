import test from 'ava';
import {reachOf} from '../../../lib/access/exposure/reach.js';
import {type ServeOptions, validate} from '../../../lib/config/options.js';

const here = ['127.0.0.1', '::1'];
const bridge = ['172.17.0.1'];

const said: ReadonlyArray<
	readonly [Omit<ServeOptions, 'routes'>, readonly string[], string, ServeOptions['routes']?]
> = [
	[{expose: 'anyone'}, bridge, 'everyone who can reach 172.17.0.1'],
	[{token: true}, bridge, 'everyone who can reach 172.17.0.1 and has the token'],
	[
		{token: true, authFile: 'x', mtls: true},
		[...bridge, 'fd00::1'],
		'everyone who can reach 172.17.0.1 or fd00::1 and has the token or a password and a client certificate',
	],
	[
		{mtls: ['alice', 'bob']},
		bridge,
		'everyone who can reach 172.17.0.1 and has the client certificate of alice or bob',
	],
	[{allow: 'address=172.17.0.0/16'}, bridge, 'only 172.17.0.0/16, at 172.17.0.1'],
	[
		{allow: ['address=172.17.0.2', 'user=me'], auth: 'a:b', deny: 'exe=/usr/bin/nc'},
		bridge,
		'only 172.17.0.2 or user me, at 172.17.0.1, with a password, but not /usr/bin/nc',
	],
	[{token: true}, here, 'every program of this machine that has the token'],
	[{deny: 'user=bob'}, here, 'every program of this machine, but not user bob'],
	[{sameSiteOnly: true}, here, 'every program of this machine, but no page of another origin'],
	[
		{allow: ['user=me, exe=/usr/bin/curl', 'pid=4121'], token: 'x'.repeat(16)},
		here,
		'programs of this machine: user me with /usr/bin/curl or process 4121, with the token',
	],
	[
		{allow: ['container=0123456789ab,user=root', 'exe=/bin/a,netns=blue,address=::1']},
		here,
		'programs of this machine: container 0123456789ab as user root or /bin/a in network namespace blue from ::1',
	],
	[{allow: 'exe=/opt/a, b/c'}, here, 'programs of this machine: /opt/a, b/c'],
	[
		{token: true},
		here,
		'every program of this machine that has the token; for /api only user me, but not process 1; for /b but not user bob',
		[
			{match: '/', backend: 3000},
			{match: '/api', backend: 3001, allow: 'user=me', deny: ['pid=1']},
			{match: '/b', backend: 3002, deny: 'user=bob'},
		],
	],
	[
		{expose: true},
		bridge,
		'at 172.17.0.1 for / only user me; for /api only 10.0.0.0/8',
		[
			{match: '/', backend: 3000, allow: 'user=me'},
			{match: '/api', backend: 3001, allow: 'address=10.0.0.0/8'},
		],
	],
];

for (const [options, addresses, text, routes = 3000] of said) {
	test(`${JSON.stringify(options)} on ${addresses.join()}: ${text}`, t => {
		t.is(reachOf(validate({routes, ...options}).access, addresses), text);
	});
}

test('a line does not grow without end', t => {
	const allow = Array.from({length: 20}, (_, index) => `address=10.0.0.${index}`);
	const text = reachOf(validate({routes: 1, allow}).access, bridge);
	t.true(text.includes('10.0.0.7 or 12 more'), text);
	t.false(text.includes('10.0.0.8'));
});
