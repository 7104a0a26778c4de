import {readFileSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test from 'ava';
import {openAuthority} from '../../../lib/pki/store/open-authority.js';
import {trustVariables} from '../../../lib/pki/trust/environment.js';
import {newStore} from '../../helpers/stores.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const blocks = (file: string) =>
	readFileSync(file, 'utf8').match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g) ?? [];

/** A store, another authority to stand for that of a company, and what the first one's root is. */
async function twoAuthorities(t: Parameters<typeof newStore>[0]) {
	const {directory, caFile} = await newStore(t);
	const other = await openAuthority(join(temporaryDirectory(t), 'company'));
	return {directory, ours: readFileSync(caFile, 'utf8'), caFile, company: other.caFile};
}

test('a bundle that is named already is taken along, in a file of its own', async t => {
	const {directory, ours, company} = await twoAuthorities(t);
	const {variables, warnings} = await trustVariables(directory, {SSL_CERT_FILE: company});
	t.deepEqual(warnings, []);
	const bundle = variables.SSL_CERT_FILE ?? '';
	t.is(dirname(bundle), directory);
	t.deepEqual(blocks(bundle), [...blocks(company), ours], 'nothing less and nothing more');
	t.is(variables.CURL_CA_BUNDLE, bundle, 'curl would have read it, too');
	t.is(variables.GIT_SSL_CAINFO, join(directory, 'bundle.pem'));
	t.true(blocks(variables.GIT_SSL_CAINFO ?? '').length > 50);
	t.is(variables.NODE_EXTRA_CA_CERTS, join(directory, 'ca.pem'));
});

for (const name of ['NODE_EXTRA_CA_CERTS', 'DENO_CERT', 'REQUESTS_CA_BUNDLE', 'GIT_SSL_CAINFO']) {
	test(`${name} that is set keeps what it names`, async t => {
		const {directory, ours, company} = await twoAuthorities(t);
		const {variables} = await trustVariables(directory, {[name]: company});
		t.deepEqual(blocks(variables[name] ?? ''), [...blocks(company), ours]);
	});
}

test('under its own variables it comes to the same again', async t => {
	const {directory, company} = await twoAuthorities(t);
	for (const env of [{}, {SSL_CERT_FILE: company, NODE_EXTRA_CA_CERTS: company}]) {
		const first = await trustVariables(directory, env);
		const again = await trustVariables(directory, {...env, ...first.variables});
		t.deepEqual(again, first);
	}
});

test('two environments do not take away from each other', async t => {
	const {directory, company} = await twoAuthorities(t);
	const one = await trustVariables(directory, {SSL_CERT_FILE: company});
	const before = readFileSync(one.variables.SSL_CERT_FILE ?? '', 'utf8');
	await trustVariables(directory, {});
	t.is(readFileSync(one.variables.SSL_CERT_FILE ?? '', 'utf8'), before);
});

test('a file that is no bundle is named, and its variable left alone', async t => {
	const {directory} = await newStore(t);
	const file = join(temporaryDirectory(t), 'missing.pem');
	const {variables, warnings} = await trustVariables(directory, {GIT_SSL_CAINFO: file});
	t.false('GIT_SSL_CAINFO' in variables);
	t.is(warnings.length, 1);
	t.regex(warnings[0] ?? '', /^GIT_SSL_CAINFO is left as it is.*missing\.pem/);
});

test('an empty variable counts as not set', async t => {
	const {directory} = await newStore(t);
	const {variables, warnings} = await trustVariables(directory, {
		SSL_CERT_FILE: '',
		JAVA_TOOL_OPTIONS: '',
	});
	t.deepEqual(warnings, []);
	t.deepEqual({variables, warnings}, await trustVariables(directory, {}));
});

test("Java's options with a trust store of their own are left alone", async t => {
	const {directory} = await newStore(t);
	const {variables, warnings} = await trustVariables(directory, {
		JAVA_TOOL_OPTIONS: '-Djavax.net.ssl.trustStore=/company.jks',
	});
	t.false('JAVA_TOOL_OPTIONS' in variables);
	t.regex(warnings.join(), /keytool -importcert/);
});

test('files are written once, anew when damaged or out of date, and private', async t => {
	const {directory, ours, company} = await twoAuthorities(t);
	const env = {SSL_CERT_FILE: company};
	const {variables} = await trustVariables(directory, env);
	const files = [
		join(directory, 'bundle.pem'),
		join(directory, 'trust.p12'),
		variables.SSL_CERT_FILE ?? '',
	];
	const state = () => files.map(file => [statSync(file).ino, readFileSync(file, 'latin1')]);
	const first = state();
	await trustVariables(directory, env);
	t.deepEqual(state(), first);
	for (const file of files) {
		t.is(statSync(file).mode & 0o777, 0o600);
		writeFileSync(file, readFileSync(file).subarray(0, 100));
	}
	await trustVariables(directory, env);
	t.deepEqual(
		state().map(([, text]) => text),
		first.map(([, text]) => text),
	);
	writeFileSync(
		company,
		readFileSync(company, 'utf8') + ours.replace(/\n$/, '\n\n') + blocks(files[0] ?? '')[0],
	);
	await trustVariables(directory, env);
	t.is(blocks(files[2] ?? '').length, 3);
});
