import test from 'ava';
import {scriptWords} from '../../../lib/run/frameworks/script-words.js';

/** What a shell puts in for it is not known. */
const withDefault = ['$', '{PORT:-3000}'].join('');

const simple: ReadonlyArray<readonly [string, readonly string[], string?]> = [
	['vite', ['vite']],
	['  vite   --open ', ['vite', '--open']],
	['vite --base "/a b/"', ['vite', '--base', '/a b/']],
	["vite --base '/a b/'", ['vite', '--base', '/a b/']],
	['vite --define=x=\\"1\\"', ['vite', '--define=x="1"']],
	['FOO="a b"c vite', ['FOO=a bc', 'vite']],
	['vite ""', ['vite', '']],
	['next dev -p $PORT', ['next', 'dev', '-p', '$PORT']],
	[`next dev -p ${withDefault}`, ['next', 'dev', '-p', withDefault]],
	['tsc && vite', ['vite']],
	['tsc; vite --open', ['vite', '--open']],
	['cd web && vite', ['vite'], 'web'],
	['vite --base /#/', ['vite', '--base', '/#/']],
];

test('a script is split into the words of its last command', t => {
	for (const [text, words, directory] of simple) {
		t.deepEqual(scriptWords(text), {words, directory}, text);
	}
});

const others = [
	'',
	'vite &',
	'vite & node api.js',
	'vite | cat',
	'vite || true',
	'vite > log',
	'vite 2>&1',
	'(vite)',
	'{ vite; }',
	'vite `cat flags`',
	'vite $(cat flags)',
	'vite "$(cat flags)"',
	'vite "unfinished',
	'vite # the server',
	'tsc &&',
	'cd a && cd b && vite',
];

test('what cannot have words appended safely is not split', t => {
	for (const text of others) {
		t.is(scriptWords(text), undefined, text);
	}
});
