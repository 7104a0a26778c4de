import test from 'ava';
import {batchArguments} from '../../lib/run/batch.js';
import {CommandError} from '../../lib/run/command-error.js';

const before = ['/e:ON', '/v:OFF', '/d', '/s', '/c'];

const line = test.macro({
	title: (_, argument: string) => `quoted: ${JSON.stringify(argument)}`,
	exec(t, argument: string, quoted: string) {
		const all = batchArguments('C:\\Program Files\\nodejs\\npm.cmd', [argument, 'last']);
		t.deepEqual(all, [...before, `""C:\\Program Files\\nodejs\\npm.cmd" ${quoted} "last""`]);
	},
});

test(line, 'test', '"test"');
test(line, '', '""');
test(line, 'a b', '"a b"');
test(line, '& calc', '"& calc"');
test(line, '" & calc & "', '""" & calc & """');
test(line, '%PATH%', '"%%cd:~,%PATH%%cd:~,%"');
test(line, '100%', '"100%%cd:~,%"');
test(line, '^ | < > ( ) !x!', '"^ | < > ( ) !x!"');
test(line, 'C:\\dir\\', '"C:\\dir\\\\"');
test(line, 'C:\\a\\b c', '"C:\\a\\b c"');
test(line, '\\"', '"\\\\"""');
test(line, '\\\\" x', '"\\\\\\\\"" x"');

for (const text of ['a\nb', 'a\rb', 'a\0b']) {
	test(`refused: ${JSON.stringify(text)}`, t => {
		const error = t.throws(() => batchArguments('C:\\npm.cmd', [text]), {
			instanceOf: CommandError,
		});
		t.is(error?.exitCode, 126);
		t.true(error?.message.includes(JSON.stringify(text)));
	});
}
