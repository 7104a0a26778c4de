import {EOL} from 'node:os';
import test from 'ava';
import {addNames, leadsHere, linesFor, ownLines, removeNames} from '../../lib/hosts/lines.js';

const files = {
	'an empty file': '',
	'a file of one line': '127.0.0.1 localhost\n',
	'a last line that does not end': '127.0.0.1 localhost\n10.0.0.1 db',
	'the line ends of Windows': '# comment\r\n127.0.0.1 localhost\r\n',
	'the line ends of Windows, and a last line that does not end': '127.0.0.1 localhost\r\n# end',
	'both line ends': '127.0.0.1 localhost\n::1 localhost\r\n',
	'blanks, tabs and empty lines': '\n\n\t127.0.0.1\tlocalhost  \n \n\n',
	'a byte order mark': '\u00ef\u00bb\u00bf127.0.0.1 localhost\n',
	'nothing but a byte order mark': '\u00ef\u00bb\u00bf',
	'bytes that are no UTF-8': '127.0.0.1 caf\u00e9 # \u0080\u00ff\n',
	'lone carriage returns': '127.0.0.1 localhost\r# old\n',
	'lines that look like those of Sealport':
		'127.0.0.2 a.test # sealport\n127.0.0.1 a.test b.test # sealport\n127.0.0.1 c.test # sealport or so\n',
};

for (const [title, text] of Object.entries(files)) {
	test(`${title}: lines are added, and taken out again, and all the rest stays`, t => {
		const {text: more, added} = addNames(text, ['app.test', 'api.test']);
		t.deepEqual(added, [...linesFor('app.test'), ...linesFor('api.test')]);
		t.true(more.startsWith(text));
		t.deepEqual(ownLines(more), added);
		t.is(addNames(more, ['api.test', 'app.test']).text, more, 'a second time nothing is added');
		const one = removeNames(more, ['app.test']);
		t.deepEqual(one.removed, linesFor('app.test'));
		t.is(removeNames(one.text, undefined).text, text);
		t.is(removeNames(more, undefined).text, text);
		t.is(removeNames(text, undefined).text, text);
	});
}

test('what is added has the line ends of the file', t => {
	const [four, six] = linesFor('app.test');
	t.is(addNames('# x\r\n', ['app.test']).text, `# x\r\n${four}\r\n${six}\r\n`);
	t.is(addNames('# x\n# y', ['app.test']).text, `# x\n# y\n${four}\n${six}`);
	t.is(addNames('', ['app.test']).text, `${four}${EOL}${six}${EOL}`);
});

test('lines between other lines are taken out, too', t => {
	const text = `# a\n${linesFor('app.test').join('\n')}\n# b`;
	t.is(removeNames(text, ['app.test']).text, '# a\n# b');
	t.is(removeNames(text, ['other.test']).text, text);
});

test('a name that the file already leads here gets only the lines that it lacks', t => {
	const text = '127.0.0.1 localhost App.Test # mine\n';
	const {added} = addNames(text, ['app.test']);
	t.deepEqual(added, ['::1 app.test # sealport']);
	t.true(leadsHere(text, 'app.test'));
	t.false(leadsHere('127.0.0.1 apps.test # app.test\n# 127.0.0.1 app.test', 'app.test'));
});

test('a name that the file leads elsewhere is refused, with the line', t => {
	const text = '127.0.0.1 localhost\n10.0.0.7 db.test app.test\n';
	t.throws(() => addNames(text, ['app.test']), {
		code: 'hosts-unusable',
		message: /line 2.*10\.0\.0\.7/,
	});
});
