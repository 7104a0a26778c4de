import test from 'ava';
import {certFlags} from '../../lib/cli/cert-flags.js';
import {firstWord} from '../../lib/cli/find-command.js';
import {flags, oldFlags} from '../../lib/cli/flags.js';

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
