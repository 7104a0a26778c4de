import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {hasBegun, project, runIn, withoutPorts} from '../helpers/configured.js';

/** What `sealport config` checks of who may connect, it tells as a start does. */
const refused = test.macro(async (t: ExecutionContext, options: object, reason: RegExp) => {
	const directory = project(t, {
		'sealport.config.json': {backend: 3000, ...options},
		'users.txt': 'no colon here\n',
		'short.txt': 'short\n',
		'empty.txt': '',
		'ca.pem': 'no certificate\n',
	});
	const env = withoutPorts(t);
	const told = runIn(t, directory, ['config'], env);
	t.not(await told.ended, 0, told.stdout);
	t.regex(told.stderr, reason);
	t.false(hasBegun(directory));
	const started = runIn(t, directory, ['--port', '0', '--certs', join(directory, 'certs')], env);
	t.is(await started.ended, await told.ended, started.stderr);
	t.is(told.stderr, started.stderr);
});

test('a rule', refused, {allow: ['user=no such user']}, /allow/);
test('a rule of a route', refused, {routes: {'/api': {backend: 1, deny: ['exe=']}}}, /deny/);
test('a file with a token that is not there', refused, {tokenFile: 'none'}, /tokenFile.*none/s);
test('an empty one', refused, {tokenFile: 'empty.txt'}, /tokenFile/);
test('a file with a token that is too short', refused, {tokenFile: 'short.txt'}, /16 to 4096/);
test('a file with users that has no colon', refused, {authFile: 'users.txt'}, /line 1 of .*users/);
test(
	'an authority of clients that is none',
	refused,
	{clientCa: 'ca.pem'},
	/no certificate in PEM/,
);
test('a token twice', refused, {token: true, tokenFile: 'short.txt'}, /both are given/);

test('with a client certificate of our own authority it makes none', async t => {
	const directory = project(t, {'sealport.config.json': {backend: 3000, mtls: true}});
	const run = runIn(t, directory, ['config'], withoutPorts(t));
	t.is(await run.ended, 0, run.stderr);
	t.false(hasBegun(directory));
});
