import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openSecrets} from '../../../lib/access/secrets/secrets.js';
import type {AccessSettings} from '../../../lib/config/access.js';
import {UserError} from '../../../lib/errors.js';
import {applicant} from '../../helpers/applicant.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const nothing: AccessSettings = {
	rules: {allow: [], deny: [], where: '', match: ''},
	routes: [],
	mtls: undefined,
	token: false,
	tokenFile: undefined,
	auth: undefined,
	authFile: undefined,
	sameSiteOnly: false,
	expose: false,
	host: 'loopback',
	port: 0,
};

const open = (settings: Partial<AccessSettings>) =>
	openSecrets({...nothing, ...settings}, undefined);

function file(t: ExecutionContext, content: string | Buffer, mode = 0o600): string {
	const path = join(temporaryDirectory(t), 'secret');
	writeFileSync(path, content);
	chmodSync(path, mode);
	return path;
}

function basic(credentials: string | Buffer): string {
	return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

const by = (authorization: string) => applicant({fields: {authorization}});

test('a token that is made has 256 bits, is in the link, and is another one each time', t => {
	const links = [open({token: true}), open({token: true})].map(({link}) => link?.('https://a'));
	for (const link of links) {
		t.regex(link ?? '', /^https:\/\/a\/\?sealport-token=[\w-]{43}$/);
	}
	t.not(links[0], links[1]);
});

test('after a reload a token that was made is the same, and one that was given is not kept', t => {
	const settings = {...nothing, token: true};
	const first = openSecrets(settings, undefined);
	t.is(openSecrets(settings, first).token, first.token);
	t.is(openSecrets(settings, first).attempts, first.attempts);
	const given = openSecrets({...nothing, token: 'given-token-12345'}, first);
	t.is(given.token?.text, 'given-token-12345');
	t.true(openSecrets(settings, given).token?.made);
	t.not(openSecrets(settings, given).token?.text, 'given-token-12345');
});

test('a token that is given is not in the link', t => {
	const {link} = open({token: 'given-token-12345'});
	t.is(link?.('https://a'), 'https://a/?sealport-token=<token>');
});

test('a token from a file is the first line of it', t => {
	const {policy, warnings} = open({tokenFile: file(t, 'token-in-a-file-1 \r\nmore\n')});
	t.is(policy.admit(by('Bearer token-in-a-file-1')), undefined);
	t.deepEqual(warnings, []);
});

test('users from a file, and one more', t => {
	const authFile = file(t, '\ufeff# people\nalice:one:two\r\n\n:nobody\nbjörn:grün\n');
	const {policy, link} = open({authFile, auth: 'carol:three'});
	t.is(link, undefined);
	for (const each of ['alice:one:two', ':nobody', 'björn:grün', 'carol:three']) {
		t.is(policy.admit(by(basic(each))), undefined, each);
	}
	t.is(policy.admit(by(basic('bjo\u0308rn:gru\u0308n'))), undefined, 'composed in another way');
	t.is(policy.admit(by(basic('alice:three')))?.code, 'credentials-missing');
	t.is(policy.admit(by(basic(Buffer.from('björn:grün', 'latin1'))))?.code, 'credentials-missing');
});

test('a file that others may read is warned of, and a link to one that they may not is none', t => {
	const path = file(t, 'token-in-a-file-1', 0o644);
	const {warnings} = open({tokenFile: path});
	t.is(warnings.length, process.platform === 'win32' ? 0 : 1);
	t.true((warnings[0] ?? '').startsWith(`${path} has mode 0644: `));
	chmodSync(path, 0o600);
	const link = join(temporaryDirectory(t), 'link');
	symlinkSync(path, link);
	t.deepEqual(open({tokenFile: link}).warnings, []);
});

const secret = 'hush-hush-hush';

for (const [what, settings] of [
	['a short token', {token: secret}],
	['a token with a blank', {token: `${secret} ${secret}`}],
	['a token with an umlaut', {token: `${secret}ü${secret}`}],
	['an empty token', {token: ''}],
	['a token and a file of it', {token: true, tokenFile: '/nonexistent'}],
	['auth without a colon', {auth: secret}],
	['auth without a password', {auth: `${secret}:`}],
	['auth with a control character', {auth: `${secret}:\x07${secret}`}],
	['auth that is no UTF-8', {auth: `${secret}:\ufffd`}],
	['auth with a hash', {auth: `${secret}:$2y$05$${secret}`}],
] as const) {
	test(`${what} is refused, and not repeated`, t => {
		const error = t.throws(() => open(settings), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.regex(error?.message ?? '', /^(token|auth)( and tokenFile)?: /);
		t.truthy(error?.hint);
		t.false(`${error?.message}${error?.hint}`.includes(secret));
	});
}

for (const [what, name, content] of [
	['an empty file of a token', 'tokenFile', ''],
	['a file of a token with an empty first line', 'tokenFile', `\n${secret}${secret}`],
	['a file without users', 'authFile', '# nobody\n\n'],
	['a file with a line that is no user', 'authFile', `a:b\n${secret}\n`],
	['a file that is no UTF-8', 'authFile', Buffer.from(`${secret}:\xff`, 'latin1')],
	['a huge file', 'authFile', `${secret}:${'x'.repeat(70_000)}`],
] as const) {
	test(`${what} is refused, and not repeated`, t => {
		const path = file(t, content);
		const error = t.throws(() => open({[name]: path}), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.true(error?.message.startsWith(`${name}: `));
		t.false(`${error?.message}${error?.hint}`.includes(secret));
	});
}

test('a file that is not there, and a directory, are refused', t => {
	const directory = join(temporaryDirectory(t), 'directory');
	mkdirSync(directory);
	for (const path of ['/nonexistent/token', directory]) {
		for (const name of ['tokenFile', 'authFile']) {
			const error = t.throws(() => open({[name]: path}), {instanceOf: UserError});
			t.is(error?.code, 'option-invalid');
			t.true(error?.message.startsWith(`${name}: cannot read ${path}: `));
		}
	}
});
