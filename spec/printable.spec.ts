import test from 'ava';
import {printable} from '../lib/printable.js';

for (const [what, text, shown] of [
	['control characters', 'a\u0000b\u001b[2J\r\n\t\u007f', 'a\\x00b\\x1b[2J\\x0d\\x0a\\x09\\x7f'],
	['C1, which terminals obey as well', '\u0080\u009b31m\u009f', '\\x80\\x9b31m\\x9f'],
	['an override of the direction', 'a\u202etxt.exe', 'a\\u{202e}txt.exe'],
	['the Arabic letter mark', '\u061c', '\\u{61c}'],
	['isolates', '\u2066a\u2069', '\\u{2066}a\\u{2069}'],
	['marks of direction', '\u200e\u200f', '\\u{200e}\\u{200f}'],
	['what has no width', 'a\u200bb\u2060c\ufeff\u00ad', 'a\\u{200b}b\\u{2060}c\\u{feff}\\xad'],
	['separators of lines', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
	['a high surrogate alone', 'a\ud83db', 'a\\u{d83d}b'],
	['a low surrogate alone', 'a\udd12b', 'a\\u{dd12}b'],
] as const) {
	test(`shown as escapes: ${what}`, t => {
		t.is(printable(text), shown);
	});
}

for (const text of ['', 'plain text ~!', 'naïve Größe', 'שלום', '日本語', '🔒 sealed', '👩🏽']) {
	test(`"${text}" stays as it is`, t => {
		t.is(printable(text), text);
	});
}

test('what is longer than the limit is cut, and marked', t => {
	t.is(printable('a'.repeat(200)), 'a'.repeat(200));
	t.is(printable('a'.repeat(201)), `${'a'.repeat(200)}…`);
	t.is(printable('abcdef', 3), 'abc…');
	t.is(printable('abc', 3), 'abc');
});

test('the limit holds for what is shown, not for what came', t => {
	const shown = printable('\u0000'.repeat(1000), 10);
	t.is(shown, '\\x00\\x00\\x…');
});
