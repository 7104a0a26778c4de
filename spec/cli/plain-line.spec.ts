import test from 'ava';
import yargs from 'yargs';
import {commands} from '../../lib/cli/commands.js';
import {type Flags, fromEnvironment, wrapFlags} from '../../lib/cli/flags.js';
import {readPlain} from '../../lib/cli/plain-line.js';

/** What the parser makes of a command line; `undefined` where it refuses it. */
function parsed(args: readonly string[], env: NodeJS.ProcessEnv): unknown {
	let found: unknown;
	try {
		yargs([...args])
			.parserConfiguration({'greedy-arrays': false, 'dot-notation': false})
			.command(
				'$0 [backend]',
				false,
				command =>
					command
						.options(wrapFlags)
						.config(fromEnvironment(env, wrapFlags))
						.positional('backend', {type: 'string'}),
				given => {
					found = {backend: given.backend, flags: onlyFlags(given as Flags)};
				},
			)
			.strict()
			.exitProcess(false)
			.fail(() => {
				throw new Error('refused');
			})
			.parse();
	} catch {
		return undefined;
	}
	return found;
}

const camelCase = (name: string) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
const known = Object.keys(wrapFlags).map(camelCase);

/** Without aliases, names with dashes, and what was not given. */
function onlyFlags(given: object): object {
	return Object.fromEntries(
		Object.entries(given).filter(([name, value]) => known.includes(name) && value !== undefined),
	);
}

const lines = [
	['3000'],
	['3000', '--port', '0'],
	['-p', '8443', 'localhost:3000', '--quiet'],
	['--name', 'a.test', '127.0.0.1:3000', '--name=b.test,c.test', '--json'],
	['http://localhost:3000/base', '--wait=0.5', '--self-signed', '--key-type', 'rsa'],
	['unix:/run/app.sock', '--certs', '/tmp/a b'],
	['[::1]:3000', '--limit', 'head=5s', '--verbose', '--open'],
	['-s', '9001', '-t', '9000', '3000'],
];

for (const args of lines) {
	test(`read as the parser reads it: ${args.join(' ')}`, t => {
		const plain = readPlain(args, {});
		t.truthy(plain);
		t.deepEqual(plain as unknown, parsed(args, {}));
	});
}

test('of all lines of some words, those that are read are read as the parser reads them', t => {
	const words = [
		...['3000', '007', '0x10', '1e3', '70000', '-1', '', 'demo', 'localhost:1', './a:b', 'a b:1'],
		...['--', '--port', '--port=1', '--port=', '-p', '-p1', '-p=1', '-v', '-h', '--help', '-xp'],
		...['--open', '--no-open', '--open=true', 'true', 'false', '--selfSigned', '--self-signed'],
		...['--token', '--token=abc', '--expose', '--mtls=a,b', '--allow=user=me', '--auth=a:b'],
		...['--name', '--name=a', '--name="a"', "'a:1'", '--bogus', '--no-port', '--certs', '--wait='],
		...['__proto__:1', '--__proto__', '--constructor', '[::1]:1', '1.5', '1_0', '--get-yargs'],
	];
	let read = 0;
	for (const one of words) {
		for (const other of words) {
			for (const last of ['3000', '--json', '-p', 'x:1', '2']) {
				const args = [one, other, last];
				const plain = readPlain(args, {});
				if (plain !== undefined) {
					read++;
					t.deepEqual(plain as unknown, parsed(args, {}), args.join(' '));
				}
			}
		}
	}
	t.true(read > 50, `${read}`);
});

for (const env of [
	{SEALPORT_PORT: '1', SEALPORT_NAME: 'a.test, b.test', SEALPORT_OPEN: 'true'},
	{SEALPORT_SELF_SIGNED: '0', SEALPORT_KEY_TYPE: 'rsa', SEALPORT_LIMIT: 'head=5s'},
] as const) {
	test(`with variables as the parser has it: ${Object.keys(env).join()}`, t => {
		for (const args of [
			['3000'],
			['3000', '--port', '2', '--name', 'c.test', '--key-type', 'ec'],
		]) {
			const plain = readPlain(args, env);
			t.truthy(plain);
			t.deepEqual(plain as unknown, parsed(args, env));
		}
	});
}

test('a flag whose value may be left out is left to the parser without it', t => {
	t.is(readPlain(['4000', '--token', '3000'], {}), undefined);
	t.like(readPlain(['4000', '--token=0123456789abcdef'], {}), {flags: {token: '0123456789abcdef'}});
});

test('a command, help, a mistake and what is odd are left to the parser', t => {
	for (const args of [
		[],
		...commands.map(({usage}) => [usage.split(' ')[0] ?? '']),
		...['completion', '--help', '--version', '-v', '--bogus', 'x'].map(word => ['3000', word]),
		['--get-yargs-completions', 'sealport', '3000'],
		['3000', '--port'],
		['3000', '--port', '--json'],
		['3000', '4000'],
		['3000', '--port', '1', '--port', '2'],
		['3000', '--', 'x'],
	]) {
		t.is(readPlain(args, {}), undefined, args.join(' '));
	}
	t.is(readPlain(['3000'], {SEALPORT_CERTS: '"a"'}), undefined);
	t.throws(() => readPlain(['3000'], {SEALPORT_JSON: 'maybe'}), {message: /SEALPORT_JSON/});
});
