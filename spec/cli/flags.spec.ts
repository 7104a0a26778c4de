import test from 'ava';
import {flags, fromEnvironment, isTrue, oldFlags} from '../../lib/cli/flags.js';
import {UserError} from '../../lib/errors.js';

test('every flag has its variable, read as its type asks', t => {
	const env = {
		SEALPORT_PORT: '8443',
		SEALPORT_NAME: 'a.test, b.test',
		SEALPORT_SELF_SIGNED: 'TRUE',
		SEALPORT_JSON: '1',
		SEALPORT_QUIET: 'false',
		SEALPORT_OPEN: '0',
		SEALPORT_SOURCE: '9001',
	};
	t.deepEqual(fromEnvironment(env, {...flags, ...oldFlags}), {
		port: '8443',
		name: ['a.test, b.test'],
		'self-signed': true,
		json: true,
		quiet: false,
		open: false,
		source: '9001',
	});
});

test('what is empty, unknown, or of another command is passed over', t => {
	const env = {SEALPORT_PORT: '', SEALPORT_URL: 'x', SEALPORT_SOURCE: '1', PORT: '3000'};
	t.deepEqual(fromEnvironment(env, flags), {});
});

test('a switch that is neither true nor false', t => {
	const error = t.throws(() => fromEnvironment({SEALPORT_JSON: 'yes'}, flags), {
		instanceOf: UserError,
	});
	t.is(error?.code, 'option-invalid');
	t.regex(error?.message ?? '', /^SEALPORT_JSON: .*got "yes"/);
});

test('whether a variable says yes', t => {
	t.true(isTrue('1'));
	t.true(isTrue('True'));
	t.false(isTrue('0'));
	t.false(isTrue('perhaps'));
	t.false(isTrue(undefined));
});
