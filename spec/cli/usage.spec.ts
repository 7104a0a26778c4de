import test from 'ava';
import {nameOf} from '../../lib/cli/command.js';
import {commands} from '../../lib/cli/commands.js';
import {flags, oldFlags} from '../../lib/cli/flags.js';
import {nearestCommand, refuseOddForms, usageError} from '../../lib/cli/usage.js';

const known = {...flags, ...oldFlags};

const meant = test.macro({
	title: (_, flag) => `${flag} was meant to be something else`,
	exec(t, flag: string, hint: RegExp) {
		const name = flag.replace(/^--(no-)?|=.*$/g, '');
		const error = usageError(`Unknown argument: ${name}`, [flag], undefined, known);
		t.is(error.code, 'usage');
		t.is(error.message, `unknown flag ${flag.replace(/=.*/, '')}`);
		t.regex(error.hint ?? '', hint);
	},
});

test(meant, '--prot', /did you mean --port\?/);
test(meant, '--prot=1', /did you mean --port\?/);
test(meant, '--no-jsno', /did you mean --json\?/);
test(meant, '--hots', /did you mean --host\?/);
test(meant, '--selfsigned', /did you mean --self-signed\?/);
test(meant, '--follow-redirects', /^see sealport --help$/);
test(meant, '--x', /^see sealport --help$/);

test('a lone word that is nearly a command', t => {
	t.is(nearestCommand('dmeo'), 'demo');
	t.is(nearestCommand('Demos'), 'demo');
	t.is(nearestCommand('completions'), 'completion');
	for (const command of commands) {
		t.is(nearestCommand(`${nameOf(command)}x`), nameOf(command));
	}
	t.is(nearestCommand('localhost'), undefined);
	t.is(nearestCommand('x'), undefined);
});

test('a surplus argument, a short flag and a missing value are told apart', t => {
	const told = (message: string, ...args: string[]) =>
		usageError(message, args, undefined, {}).message;
	t.is(told('Unknown argument: 4000', '3000', '4000'), 'unexpected argument "4000"');
	t.is(told('Unknown arguments: x, y', '-xy'), 'unknown flag -x');
	t.is(told('Not enough arguments following: port', '--port'), 'port: expected a value');
});

test('a switch with a value that is neither true nor false, and a negated flag that is none', t => {
	const refuse = (...args: string[]) => refuseOddForms(args, undefined, known);
	t.throws(() => refuse('3000', '--json=yes'), {code: 'option-invalid', message: /"yes"/});
	t.throws(() => refuse('--no-port'), {code: 'usage', message: /--no-port/});
	t.notThrows(() => refuse('--json=true', '--no-json', '--port=yes', '3000', '--', '--json=yes'));
});
