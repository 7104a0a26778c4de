import {lstatSync, readFileSync, truncateSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {UserError} from '../../lib/errors.js';
import {openCertificates} from '../../lib/pki/certificates.js';
import {parseName} from '../../lib/pki/names.js';
import {openSelfSigned} from '../../lib/pki/self-signed.js';
import {handshake, openssl, python} from '../helpers/clients.js';
import {needs} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {serveTls} from '../helpers/tls-server.js';

const day = 86_400_000;
const hosts = ['localhost', '127.0.0.1', '::1'];
const names = hosts.map(parseName);

test('a self-signed certificate is kept over starts', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const first = await openSelfSigned(directory, names);
	const second = await openSelfSigned(directory, names.slice(0, 1));
	t.is(second.cert, first.cert);
	t.is(second.key, first.key);
	t.is(lstatSync(first.file).mode & 0o777, process.platform === 'win32' ? 0o666 : 0o600);
	t.is(lstatSync(directory).mode & 0o077, process.platform === 'win32' ? 0o077 : 0);
});

test('it is made anew near its end and for a name it lacks', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const first = await openSelfSigned(directory, names);
	const kept = await openSelfSigned(directory, names, Date.now() + 334 * day);
	t.is(kept.cert, first.cert);
	const renewed = await openSelfSigned(directory, names, Date.now() + 336 * day);
	t.not(renewed.cert, first.cert);
	const other = await openSelfSigned(directory, [parseName('bank.example')]);
	t.is(other.certificate.subjectAltName, 'DNS:bank.example');
	t.is(readFileSync(other.file, 'utf8'), other.key + other.cert);
});

test('eight starts at once end with one certificate', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const opened = await Promise.all(Array.from({length: 8}, () => openSelfSigned(directory, names)));
	t.is(new Set(opened.map(({cert}) => cert)).size, 1);
});

test('a damaged file is refused', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const {file} = await openSelfSigned(directory, names);
	for (const size of [600, 0]) {
		truncateSync(file, size);
		const error = await t.throwsAsync(openSelfSigned(directory, names), {instanceOf: UserError});
		t.is(error?.code, 'store-unusable');
		t.true(error?.message.includes(file));
		t.regex(error?.hint ?? '', /delete it/);
	}
});

test('a client that trusts the file accepts the server, by name and address', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const certificates = await openCertificates({kind: 'self-signed', directory}, hosts, () => true);
	t.is(readFileSync(certificates.caFile ?? '', 'utf8').includes(certificates.ca ?? '?'), true);
	t.false(certificates.vouchesFor('localhost'));
	t.deepEqual(certificates.warnings, []);
	t.notRegex(certificates.ca ?? '', /PRIVATE/);
	const port = await serveTls(t, certificates);
	for (const name of ['localhost', '']) {
		const socket = await handshake(port, certificates.ca, name);
		t.true(socket.authorized);
		socket.destroy();
	}
});

needs('openssl', 'python3')('openssl and python accept it under strict rules', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const certificates = await openCertificates({kind: 'self-signed', directory}, hosts, () => true);
	const file = certificates.caFile ?? '';
	const port = await serveTls(t, certificates);
	for (const host of hosts) {
		for (const {accepted, reason} of [
			await openssl(file, file, host),
			await python(file, port, host),
		]) {
			t.true(accepted, `${host}: ${reason}`);
		}
	}
	t.false((await openssl(file, file, 'other.test')).accepted);
});
