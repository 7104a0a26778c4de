import {inspect} from 'node:util';
import test from 'ava';
import {validate} from '../../lib/config/options.js';
import {UserError} from '../../lib/errors.js';

const defaults = {
	headSize: 65_536,
	fields: 200,
	handshake: 10_000,
	head: 30_000,
	idle: 120_000,
	connections: 16_384,
};

test('limits that are not given take their defaults', t => {
	t.deepEqual(validate({routes: 1}).limits, defaults);
	t.deepEqual(validate({routes: 1, limits: {}}).limits, defaults);
	t.deepEqual(validate({routes: 1, limits: {idle: undefined}}).limits, defaults);
});

test('limits that are given count', t => {
	const {limits} = validate({routes: 1, limits: {headSize: 131_072, connections: 1}});
	t.deepEqual(limits, {...defaults, headSize: 131_072, connections: 1});
});

const refused = test.macro({
	title: (_, limits) => `refuses limits ${inspect(limits)}`,
	exec(t, limits: unknown, telling: RegExp) {
		// As somebody writes it who writes JavaScript.
		const given: {routes: number} = Object.assign({routes: 1}, {limits});
		const error = t.throws(() => validate(given), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.regex(error?.message ?? '', telling);
	},
});

test(refused, 5, /^limits: .*got 5/);
test(refused, null, /^limits: .*got null/);
test(refused, [1], /^limits: .*got \[1\]/);
test(refused, {headsize: 65_536}, /^limits\.headsize: there is no such limit/);
test(refused, {toString: 1}, /^limits\.toString: there is no such limit/);
test(refused, {headSize: 0}, /^limits\.headSize: .*bytes from 1024 to 16777216, got 0$/);
test(refused, {headSize: 65_536.5}, /^limits\.headSize: .*whole.*got 65536\.5$/);
test(refused, {headSize: '64k'}, /^limits\.headSize: .*got "64k"$/);
test(refused, {headSize: Number.NaN}, /^limits\.headSize: .*got NaN$/);
test(refused, {fields: -1}, /^limits\.fields: .*got -1$/);
test(refused, {handshake: 0}, /^limits\.handshake: .*milliseconds from 100 to 86400000, got 0$/);
test(refused, {head: Number.POSITIVE_INFINITY}, /^limits\.head: .*got Infinity$/);
test(refused, {idle: null}, /^limits\.idle: .*got null$/);
test(refused, {idle: 86_400_001}, /^limits\.idle: .*got 86400001$/);
test(refused, {connections: 0}, /^limits\.connections: .*from 1 .*got 0$/);
test(refused, {connections: () => 1}, /^limits\.connections: .*got function$/);
