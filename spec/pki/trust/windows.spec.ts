import test from 'ava';
import {UserError} from '../../../lib/errors.js';
import {commandLine} from '../../../lib/pki/trust/step.js';
import {findWindows} from '../../../lib/pki/trust/windows.js';
import {foreign, paperRoot} from '../../helpers/paper-root.js';
import {type Script, scriptedMachine} from '../../helpers/scripted-machine.js';
import {property, registryOutput} from '../../helpers/windows-registry.js';

const root = await paperRoot('C:\\Users\\Jane Doe\\AppData\\Local\\sealport\\ca.pem');
const old = await paperRoot('');

const system = 'C:\\Windows\\System32';
const reg = `${system}\\reg.exe query`;
const certificates = `${reg} HKCU\\Software\\Microsoft\\SystemCertificates\\Root\\Certificates /s`;
const parent = `${reg} HKCU\\Software\\Microsoft\\SystemCertificates`;
const policy = `${reg} HKLM\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\Root\\ProtectedRoots /v Flags`;

const windows: Script = {
	platform: 'win32',
	home: 'C:\\Users\\Jane Doe',
	programs: {
		'certutil.exe': `${system}\\certutil.exe`,
		'reg.exe': `${system}\\reg.exe`,
	},
	answers: {
		[policy]: {
			code: 1,
			stderr: 'FEHLER: Der angegebene Registrierungsschlüssel wurde nicht gefunden.',
		},
		[certificates]: {stdout: registryOutput(foreign)},
	},
};

const withAnswers = (answers: Script['answers']): Script => ({
	...windows,
	answers: {...windows.answers, ...answers},
});

async function only(script: Script) {
	const [place, ...more] = await findWindows(scriptedMachine(script));
	if (place === undefined || more.length > 0) {
		throw new Error('expected one place');
	}
	return place;
}

test('certutil adds to and deletes from the Root store of the user (Microsoft: "certutil")', async t => {
	const place = await only(windows);
	t.is(place.store, 'system');
	t.is(place.by, 'person');
	t.is(place.obstacle, undefined);
	t.regex(place.meanwhile ?? '', /window/);
	t.deepEqual(await place.look(), []);
	const add = await place.add(root);
	t.deepEqual(add, [
		{
			kind: 'run',
			program: 'C:\\Windows\\System32\\certutil.exe',
			args: ['-user', '-addstore', 'Root', root.file],
		},
	]);
	t.deepEqual(
		add.map(step => commandLine(step, 'win32')),
		[
			"C:\\Windows\\System32\\certutil.exe -user -addstore Root 'C:\\Users\\Jane Doe\\AppData\\Local\\sealport\\ca.pem'",
		],
	);
	const thumbprint = root.certificate.fingerprint.replaceAll(':', '');
	t.deepEqual(await place.remove(root), [
		{
			kind: 'run',
			program: 'C:\\Windows\\System32\\certutil.exe',
			args: ['-user', '-delstore', 'Root', thumbprint],
		},
	]);
});

test('what is trusted is read from the registry, whatever the language, and told by SHA-256', async t => {
	const stdout = registryOutput(foreign, root.pem, old.pem);
	const place = await only(withAnswers({[certificates]: {stdout}}));
	t.deepEqual(
		(await place.look()).map(({fingerprint256}) => fingerprint256),
		[root, old].map(({certificate}) => certificate.fingerprint256),
	);
});

test('a value that is cut short, or none of a certificate, is left out', async t => {
	const whole = registryOutput(root.pem).trimEnd();
	const other = property(20, root.certificate.raw).toString('hex');
	const stdout = [
		whole.slice(0, -100),
		`    Blob    REG_BINARY    ${other}`,
		'    Blob    REG_BINARY    0100',
		'    Blob    REG_BINARY    2000000001000000FFFFFFFF00',
		'    Other    REG_SZ    2000',
	].join('\r\n');
	t.deepEqual(await (await only(withAnswers({[certificates]: {stdout}}))).look(), []);
});

test('a user without such a key trusts none; a registry that may not be read is an error', async t => {
	const none = await only(withAnswers({[certificates]: {code: 1}, [parent]: {code: 0}}));
	t.deepEqual(await none.look(), []);
	const shut = await only(withAnswers({[certificates]: {code: 1}, [parent]: {code: 1}}));
	const error = await t.throwsAsync(shut.look(), {instanceOf: UserError});
	t.is(error?.code, 'trust-store-unusable');
});

test('a group policy that makes Windows ignore the roots of users is an obstacle', async t => {
	const flags = (value: string) => ({
		stdout: `\r\nHKEY…\r\n    Flags    REG_DWORD    ${value}\r\n\r\n`,
	});
	const forbidden = await only(withAnswers({[policy]: flags('0x1')}));
	t.regex(forbidden.obstacle?.reason ?? '', /group policy/);
	const other = await only(withAnswers({[policy]: flags('0x20')}));
	t.is(other.obstacle, undefined);
});

test('without the programs of Windows there is an obstacle; elsewhere there is no such place', async t => {
	const {obstacle} = await only({...windows, programs: {}});
	t.regex(obstacle?.reason ?? '', /certutil\.exe/);
	t.deepEqual(await findWindows(scriptedMachine({platform: 'linux'})), []);
});
