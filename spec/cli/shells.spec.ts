import test from 'ava';
import {assignment, evaluation, likelyShell, type Shell} from '../../lib/cli/shells.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';

/** What a path, or options of Java, may hold that a shell would take for something else. */
const values = [
	'/home/you/.local/share/sealport/ca.pem',
	'/home/Jörg Müller/ca.pem',
	"/it's/here",
	"/a\"b'c\\d\\\\e\\'f",
	'$HOME `id` $(id) $x (id) !! ~ * ? [a] {b,c} # ; & | < > ^ %PATH%',
	'two\nlines\n\nand\tmore',
	'ends with a backslash\\',
	"quotes only ''",
	'\u2018curved\u2019 \u{1f512}',
	'-n',
	' ',
];

const print = `${process.execPath} -e 'process.stdout.write(JSON.stringify(process.env.VALUE))'`;

for (const shell of ['sh', 'bash']) {
	needs(shell)(`${shell} takes every value as it is`, async t => {
		for (const value of values) {
			const line = assignment('sh', 'VALUE', value);
			const read = `eval "$(cat)"; ${print}`;
			const {stdout, stderr} = await run(shell, ['-c', read], {input: `${line}\n`});
			t.is(stdout, JSON.stringify(value), stderr);
		}
	});
}

for (const [how, read] of [
	['source', 'cat | source'],
	['eval', 'read -z lines; eval (string split \\n -- $lines)'],
] as const) {
	needs('fish')(`fish takes every value as it is, by ${how}`, async t => {
		for (const value of values) {
			const line = assignment('fish', 'VALUE', value);
			const {stdout, stderr} = await run('fish', ['--no-config', '-c', `${read}; ${print}`], {
				input: `${line}\n`,
			});
			t.is(stdout, JSON.stringify(value), stderr);
		}
	});
}

test('PowerShell: one line of ASCII, whatever the value', t => {
	const expected = [
		"$env:VALUE = '/home/you/.local/share/sealport/ca.pem'",
		"$env:VALUE = '/home/J'+[char]246+'rg M'+[char]252+'ller/ca.pem'",
		"$env:VALUE = '/it''s/here'",
		`$env:VALUE = '/a"b''c\\d\\\\e\\''f'`,
		"$env:VALUE = '$HOME `id` $(id) $x (id) !! ~ * ? [a] {b,c} # ; & | < > ^ %PATH%'",
		"$env:VALUE = 'two'+[char]10+'lines'+[char]10+''+[char]10+'and'+[char]9+'more'",
		"$env:VALUE = 'ends with a backslash\\'",
		"$env:VALUE = 'quotes only '''''",
		"$env:VALUE = ''+[char]8216+'curved'+[char]8217+' '+[char]55357+''+[char]56594+''",
		"$env:VALUE = '-n'",
		"$env:VALUE = ' '",
	];
	t.deepEqual(
		values.map(value => assignment('powershell', 'VALUE', value)),
		expected,
	);
});

const guessed = test.macro({
	title: (_, shell: Shell, platform: NodeJS.Platform, SHELL: string) =>
		`${SHELL || 'no SHELL'} on ${platform} is ${shell}`,
	exec(t, shell: Shell, platform: NodeJS.Platform, SHELL: string) {
		t.is(likelyShell({SHELL}, platform), shell);
	},
});

test(guessed, 'fish', 'linux', '/usr/bin/fish');
test(guessed, 'sh', 'linux', '/usr/bin/zsh');
test(guessed, 'sh', 'darwin', '');
test(guessed, 'sh', 'linux', '/home/fish/bin/bash');
test(guessed, 'powershell', 'win32', '/usr/bin/bash');

test('what to type, for each', t => {
	t.is(evaluation('sh', 'sealport env'), 'eval "$(sealport env)"');
	t.is(evaluation('fish', 'sealport env'), 'sealport env | source');
	t.is(evaluation('powershell', 'sealport env'), 'sealport env | Invoke-Expression');
});
