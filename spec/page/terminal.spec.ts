import test from 'ava';
import fc from 'fast-check';
import {terminalHtml, terminalText} from '../../lib/page/terminal.js';

const html = test.macro({
	title: (_, raw: string) => `in a page: ${JSON.stringify(raw)}`,
	exec(t, raw: string, expected: string) {
		t.is(terminalHtml(raw), expected);
	},
});

test(html, 'plain', 'plain');
test(html, 'one\r\ntwo\n', 'one\ntwo\n');
test(html, '<script>alert("x")</script>', '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
test(html, '\x1b[31m<b>\x1b[0m & on', '<span class="f1">&lt;b&gt;</span> &amp; on');
test(
	html,
	'\x1b[1;32mready\x1b[22m in\x1b[39m 3',
	'<span class="f2 bold">ready</span><span class="f2"> in</span> 3',
);
test(
	html,
	'\x1b[31mover\nlines\x1b[m',
	'<span class="f1">over</span>\n<span class="f1">lines</span>',
);
test(html, '\x1b[91;44mx', '<span class="f9 b4">x</span>');
test(html, '\x1b[7mx\x1b[27my', '<span class="inverse">x</span>y');
test(html, '\x1b[38;5;196mx', '<span class="f9">x</span>');
test(html, '\x1b[38;5;3mx', '<span class="f3">x</span>');
test(html, '\x1b[38;5;250mx', '<span class="f7">x</span>');
test(
	html,
	'\x1b[38;2;255;40;40mx\x1b[1my',
	'<span class="f9">x</span><span class="f9 bold">y</span>',
);
test(html, '\x1b[38:2::80:250:123mx', '<span class="f10">x</span>');
test(html, '\x1b[48;5;21mx\x1b[49my', '<span class="b12">x</span>y');
test(html, '\x1b[2J\x1b[1;1Hclear', 'clear');
test(html, '\x1b]0;title\x07text', 'text');
test(html, '\x1b]8;;javascript:alert(1)\x1b\\link\x1b]8;;\x1b\\', 'link');
test(html, '\x1bP1$r<i>\x1b\\after', 'after');
test(html, '\x1b]never ends\nnext', '\nnext');
test(html, 'bell\x07 back\x08 null\0 delete\x7f \x9b31m', 'bell back null delete 31m');
test(html, 'a \u202ereordered\u202c', 'a reordered');
test(html, '10%\r50%\r\x1b[K100%\ndone', '100%\ndone');
test(html, '100%\r', '100%');
test(html, '\x1b[31', '');
test(html, 'ends with \x1b', 'ends with ');
test(html, '\x1b[999;;38;5mx', '<span class="f0">x</span>');

test('as plain text', t => {
	t.deepEqual(terminalText('\x1b[31mError: <x>\x1b[0m\n  at \x1b[2mfile.js\x1b[0m'), [
		'Error: <x>',
		'  at file.js',
	]);
});

const parts = fc.constantFrom(
	'\x1b',
	'[',
	']',
	'3',
	'1',
	'8',
	';',
	':',
	'm',
	'\x07',
	'\\',
	'\r',
	'\n',
	'<',
	'"',
	'x',
	'\x9b',
);

test('whatever is printed, nothing but spans with classes gets into the page', t => {
	const any = fc.array(fc.oneof(parts, fc.string())).map(all => all.join(''));
	fc.assert(
		fc.property(any, raw => {
			const rest = terminalHtml(raw).replace(/<span class="[a-z\d ]+">|<\/span>/g, '');
			return !/[<>"'\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(rest);
		}),
		{numRuns: 2000},
	);
	t.pass();
});

test('a megabyte of beginnings takes no longer than it should', t => {
	for (const part of ['\x1b[', '\x1b]', '\x1b[1;', '\x1bP\x1b', '\r', '\x1b[38;5;']) {
		t.is(terminalHtml(part.repeat(2 ** 20 / part.length)).includes('<'), false);
	}
});
