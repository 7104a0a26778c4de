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

test('it is made anew near its end, and says so', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const first = await openSelfSigned(directory, names);
	const kept = await openSelfSigned(directory, names, Date.now() + 334 * day);
	t.is(kept.cert, first.cert);
	const renewed = await openSelfSigned(directory, names, Date.now() + 336 * day);
	t.not(renewed.cert, first.cert);
	t.regex(renewed.warnings.join(), /a new .* in .*self-signed\.pem, since the old one ends on/);
	t.deepEqual((await openSelfSigned(directory, names, Date.now() + 337 * day)).warnings, []);
	const late = await openSelfSigned(directory, names, Date.now() + 800 * day);
	t.regex(late.warnings.join(), /since the old one ended on/);
});

test('it is made anew for a name that it lacks, and says so', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	await openSelfSigned(directory, names);
	const other = await openSelfSigned(directory, [parseName('bank.example')]);
	t.regex(other.warnings.join(), /since the old one was not made for bank\.example/);
	t.is(other.certificate.subjectAltName, 'DNS:bank.example');
	t.is(readFileSync(other.file, 'utf8'), other.key + other.cert);
});

test('eight starts at once end with one certificate', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const opened = await Promise.all(Array.from({length: 8}, () => openSelfSigned(directory, names)));
	t.is(new Set(opened.map(({cert}) => cert)).size, 1);
});

test('one of the future is refused: a clock is wrong, or was', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const {file} = await openSelfSigned(directory, names);
	const content = readFileSync(file, 'utf8');
	const error = await t.throwsAsync(openSelfSigned(directory, names, Date.now() - 400 * day), {
		instanceOf: UserError,
	});
	t.regex(error?.message ?? '', /valid only from .*, and the clock of this machine says 20/);
	t.regex(error?.hint ?? '', /^set the clock; if it is right, .*delete the file/);
	t.is(readFileSync(file, 'utf8'), content);
});

test('a file that is cut off anywhere is refused', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const {file} = await openSelfSigned(directory, names);
	const {size} = lstatSync(file);
	for (let left = size - 2; left >= 0; left -= 53) {
		truncateSync(file, left);
		const error = await t.throwsAsync(openSelfSigned(directory, names), {instanceOf: UserError});
		t.is(error?.code, 'store-unusable');
		t.true(error?.message.includes(file));
		t.regex(error?.hint ?? '', /delete it/);
		t.is(lstatSync(file).size, left);
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
