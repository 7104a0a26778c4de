import test from 'ava';
import {certFlags} from '../../lib/cli/cert-flags.js';
import {firstWord, ownEnd} from '../../lib/cli/find-command.js';
import {flags, oldFlags, runFlags} from '../../lib/cli/flags.js';

const known = {...certFlags, ...flags, ...oldFlags};

const finds = test.macro({
	title: (_, line) => `sealport ${line}`,
	exec(t, line: string, word: string | undefined) {
		const args = line.split(' ');
		t.is(args[firstWord(args, known)], word);
	},
});

test(finds, 'env', 'env');
test(finds, '--certs there env', 'env');
test(finds, '--certs=there env', 'env');
test(finds, '-p 8443 env', 'env');
test(finds, '-p8443 env', 'env');
test(finds, '--json env --certs there', 'env');
test(finds, '--json true env', 'env');
test(finds, '--no-json env', 'env');
test(finds, '--keyType rsa env', 'env');
test(finds, '--unknown env', 'env');
test(finds, '--certs env', undefined);
test(finds, '--certs there -- env', undefined);

const ends = test.macro({
	title: (_, line) => `sealport run ${line}`,
	exec(t, line: string, rest: string | undefined) {
		const args = ['run', ...line.split(' ')];
		const end = ownEnd(args, 1, runFlags);
		t.is(args.slice(end).join(' '), rest ?? '');
	},
});

test(ends, 'vite --port 1', 'vite --port 1');
test(ends, '--name app.test vite --name x', 'vite --name x');
test(ends, '--restart vite', 'vite');
test(ends, '--restart -- vite -- x', '-- vite -- x');
test(ends, '-p 8443 npm run dev -- --foo', 'npm run dev -- --foo');
test(ends, '--port=8443 -- -x', '-- -x');
test(ends, '--wait 3 --open', undefined);
test(ends, '--unknown vite', 'vite');
