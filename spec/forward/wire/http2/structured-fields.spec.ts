import test from 'ava';
import fc from 'fast-check';
import {readDictionary} from '../../../../lib/forward/wire/http2/structured-fields.js';

const read = (text: string) => {
	const members = readDictionary(text);
	return members === undefined ? undefined : Object.fromEntries(members);
};

const understood: Record<string, Record<string, number | boolean | 'other'>> = {
	'': {},
	'   ': {},
	a: {a: true},
	'a,b': {a: true, b: true},
	'a , \tb\t,c': {a: true, b: true, c: true},
	'  a=1  ': {a: 1},
	'a=1,b=-15,c=0,d=-0': {a: 1, b: -15, c: 0, d: -0},
	'a=999999999999999': {a: 999_999_999_999_999},
	'a=?1,b=?0': {a: true, b: false},
	'a=1,b=2,a=3': {a: 3, b: 2},
	'a=1.0,b=-1.125,c=123456789012.123': {a: 'other', b: 'other', c: 'other'},
	'a="",b="x, y=2; \\"z\\" \\\\"': {a: 'other', b: 'other'},
	'a=token,b=*a:/b%c,c=Upper': {a: 'other', b: 'other', c: 'other'},
	'a=::,b=:aGVsbG8=:,c=:+/:': {a: 'other', b: 'other', c: 'other'},
	'a=(),b=( ),c=(1 2),d=( "x"  y;q=1 ?0 );p': {a: 'other', b: 'other', c: 'other', d: 'other'},
	'a=1;x,b;y=2;z="1, 2",c=?0; w=:YQ==:; v=1.5': {a: 1, b: true, c: false},
	'*a=1,a-b_c.d*e=2,a1=3': {'*a': 1, 'a-b_c.d*e': 2, a1: 3},
};

for (const [text, members] of Object.entries(understood)) {
	test(`a dictionary: ${JSON.stringify(text)}`, t => {
		t.deepEqual(read(text), members);
	});
}

const none = [
	...[
		',',
		'a,',
		'a, ',
		',a',
		'a,,b',
		'a b',
		'a=1 b=2',
		'\ta',
		'a;',
		'a;;b',
		'a; ;b',
		'a ;b',
		'a;\tb',
	],
	...['=', '=1', 'a=', 'a=,b', 'a =1', 'a= 1', 'A=1', '1=1', '-a', '_a', '.a', 'a/b', 'aB'],
	...['a=1.', 'a=.5', 'a=1.2345', 'a=1.2.3', 'a=1.0.', 'a=-', 'a=--1', 'a=+1', 'a=1e3', 'a=1x'],
	...['a=1000000000000000', 'a=1234567890123.1', 'a=?', 'a=?2', 'a=?1x', 'a=?true'],
	...['a="', 'a="x', 'a="\\x"', 'a="\\"', 'a="\n"', 'a="\x7f"', 'a="\xe9"', 'a="x"y'],
	...[
		'a=:',
		'a=:a',
		'a=:a b:',
		'a=:-:',
		'a=to ken',
		'a=t{',
		"a='x'",
		'a=[1]',
		'a={}',
		'a=@1',
		'a=\xe9',
	],
	...['a=(', 'a=(1', 'a=(1,2)', 'a=("x""y")', 'a=(1;)', 'a=((1))', 'a=(1\t2)', 'a=)', 'a=(1))'],
	...['a;B', 'a;1', 'a;b=', 'a;b=(1)', 'a;b =1'],
];

for (const text of none) {
	test(`none: ${JSON.stringify(text)}`, t => {
		t.is(read(text), undefined);
	});
}

test('whatever it is, reading it takes steps in proportion to its length', t => {
	for (const unit of [
		'a,',
		'a="',
		'"\\',
		'((',
		'a;',
		'1.',
		'=',
		' ',
		'a=1.1,',
		'\t,',
		':a',
		'a=(1 ',
	]) {
		t.notThrows(() => readDictionary(unit.repeat(100_000)));
	}
});

test('what is made up of members is read as those', t => {
	const key = fc.stringMatching(/^[a-z*][a-z\d_.*-]{0,5}$/);
	const member = fc.oneof(
		fc.integer().map(value => [String(value), value] as const),
		fc.boolean().map(value => [value ? '?1' : '?0', value] as const),
		fc.stringMatching(/^[a-z][a-z:/]{0,5}$/).map(value => [value, 'other'] as const),
		fc.stringMatching(/^"[ !#-[\]-~]{0,5}"$/).map(value => [value, 'other'] as const),
	);
	const parameters = fc
		.array(fc.tuple(key, member), {maxLength: 2})
		.map(list => list.map(([name, [text]]) => `;${name}=${text}`).join(''));
	fc.assert(
		fc.property(fc.array(fc.tuple(key, member, parameters), {maxLength: 5}), members => {
			const text = members.map(([name, [value], more]) => `${name}=${value}${more}`).join(', ');
			const expected = members.map(([name, [, value]]) => [name, value] as const);
			t.deepEqual(read(text), Object.fromEntries(expected));
		}),
	);
});
