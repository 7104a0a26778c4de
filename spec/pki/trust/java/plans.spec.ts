import {win32} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../../../lib/errors.js';
import {findJava} from '../../../../lib/pki/trust/java.js';
import {commandLine} from '../../../../lib/pki/trust/step.js';
import {newRoot} from '../../../helpers/root.js';
import {type Script, scriptedMachine} from '../../../helpers/scripted-machine.js';

/** What `trust` would do in each keystore, as command lines; paths of records shortened. */
async function plans(t: ExecutionContext, script: Script) {
	const root = {
		...(await newRoot(t)),
		name: 'sealport-0123456789abcdef',
		file: script.platform === 'win32' ? 'C:\\ca.pem' : '/ca.pem',
	};
	const places = await findJava(scriptedMachine(script));
	return Promise.all(
		places.map(async place => ({
			label: place.label,
			by: place.by,
			obstacle: place.obstacle,
			lines: (await place.add(root)).map(step =>
				commandLine(step, script.platform).replaceAll(/(?<=abcdef-)[\da-f]{16}/g, 'KEY'),
			),
		})),
	);
}

const imports = (keystore: string, file: string) =>
	`-importcert -noprompt -trustcacerts -alias sealport-0123456789abcdef -file ${file} -keystore ${keystore} -storepass changeit`;

test("on Linux root imports a copy that is root's own", async t => {
	const directory = '/usr/lib/jvm/java-17/lib/security';
	const undo = '/var/lib/sealport/sealport-0123456789abcdef-KEY';
	const copy = `${directory}/sealport-0123456789abcdef.pem`;
	const keystore = `${directory}/sealport-0123456789abcdef.keystore`;
	const [plan] = await plans(t, {
		platform: 'linux',
		uid: 1000,
		programs: {keytool: '/usr/bin/keytool'},
		files: {[`${directory}/cacerts`]: ''},
	});
	t.deepEqual(plan, {
		label: `Java keystore ${directory}/cacerts`,
		by: 'root',
		obstacle: undefined,
		lines: [
			`mkdir -p -m 0755 ${undo}`,
			`cp -p ${directory}/cacerts ${undo}/before-cacerts`,
			`cp -p ${directory}/cacerts ${keystore}`,
			`install -m 0644 /ca.pem ${copy}`,
			`/usr/bin/keytool ${imports(keystore, copy)}`,
			`rm -f ${copy}`,
			`mv -f ${keystore} ${directory}/cacerts`,
			`cp -p ${directory}/cacerts ${undo}/after-cacerts`,
		],
	});
});

test('on macOS java_home names the Javas, and those of Homebrew and the person are found', async t => {
	const virtual = '/Library/Java/JavaVirtualMachines/temurin-21.jdk/Contents/Home';
	const brew = '/opt/homebrew/opt/openjdk@17/libexec/openjdk.jdk/Contents/Home';
	const own = '/Users/jane/.sdkman/candidates/java/21-tem';
	const cacerts = 'lib/security/cacerts';
	const found = await plans(t, {
		platform: 'darwin',
		uid: 501,
		home: '/Users/jane',
		directory: '/Users/jane/Library/Application Support/Sealport',
		programs: {keytool: '/usr/bin/keytool', java_home: '/usr/libexec/java_home'},
		files: {[`${virtual}/${cacerts}`]: '', [`${brew}/${cacerts}`]: '', [`${own}/${cacerts}`]: ''},
		entries: {
			[`${brew}/${cacerts}`]: {kind: 'file', uid: 501},
			[`${brew}/lib/security`]: {kind: 'directory', uid: 501},
		},
		answers: {
			'/usr/libexec/java_home -V': {
				stdout: `${virtual}\n`,
				stderr: `Matching Java Virtual Machines (1):\n    21.0.5 (arm64) "Eclipse Adoptium" - "OpenJDK 21.0.5" ${virtual}\n`,
			},
		},
	});
	t.deepEqual(
		found.map(({label, by}) => [label, by]),
		[
			[`Java keystore ${virtual}/${cacerts}`, 'root'],
			[`Java keystore ${brew}/${cacerts}`, 'person'],
			[`Java keystore ${own}/${cacerts}`, 'person'],
		],
	);
	const keystore = `${own}/lib/security/sealport-0123456789abcdef.keystore`;
	const undo =
		"'/Users/jane/Library/Application Support/Sealport/undo/sealport-0123456789abcdef-KEY";
	t.deepEqual(found[2]?.lines, [
		`mkdir -p -m 0700 ${undo}'`,
		`cp -p ${own}/${cacerts} ${undo}/before-cacerts'`,
		`cp -p ${own}/${cacerts} ${keystore}`,
		`/usr/bin/keytool ${imports(keystore, '/ca.pem')}`,
		`mv -f ${keystore} ${own}/${cacerts}`,
		`cp -p ${own}/${cacerts} ${undo}/after-cacerts'`,
	]);
	t.is(
		found[0]?.lines[0],
		"mkdir -p -m 0755 '/Library/Application Support/Sealport/sealport-0123456789abcdef-KEY'",
	);
});

test("on Windows Program Files are the administrator's, and the home directory is the person's", async t => {
	const system = 'C:\\Program Files\\Eclipse Adoptium\\jdk-21\\lib\\security\\cacerts';
	const own = 'C:\\Users\\jane\\.jdks\\corretto-17\\lib\\security\\cacerts';
	const found = await plans(t, {
		platform: 'win32',
		home: 'C:\\Users\\jane',
		directory: 'C:\\Users\\jane\\AppData\\Local\\Sealport',
		env: {ProgramFiles: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\jane\\AppData\\Local'},
		programs: {'keytool.exe': 'C:\\Program Files\\Eclipse Adoptium\\jdk-21\\bin\\keytool.exe'},
		files: {[system]: '', [own]: ''},
	});
	t.deepEqual(
		found.map(({label, by, obstacle}) => [label, by, obstacle]),
		[
			[`Java keystore ${system}`, 'root', undefined],
			[`Java keystore ${own}`, 'person', undefined],
		],
	);
	const copy = `'${win32.join(system, '..', 'sealport-0123456789abcdef.keystore')}'`;
	t.deepEqual(found[0]?.lines, [
		`copy -Force '${system}' ${copy}`,
		`& 'C:\\Program Files\\Eclipse Adoptium\\jdk-21\\bin\\keytool.exe' ${imports(copy, 'C:\\ca.pem')}`,
		`move -Force ${copy} '${system}'`,
	]);
	t.is(found[1]?.lines.length, 6, 'with a record');
});

const person = {'/home/jane/.jdks/a/lib/security/cacerts': ''};

test('without a keytool that only root can change the command is named', async t => {
	const root = {...(await newRoot(t)), file: '/ca.pem'};
	const [place] = await findJava(scriptedMachine({platform: 'linux', uid: 1000, files: person}));
	t.is(place?.obstacle, undefined);
	t.deepEqual(await place?.look(), [], 'there cannot be any');
	const error = await t.throwsAsync(async () => place?.add(root), {instanceOf: UserError});
	t.regex(error?.message ?? '', /no keytool was found in a directory that only root/);
	t.regex(
		error?.hint ?? '',
		/ \/home\/jane\/\.jdks\/a\/bin\/keytool -importcert .*-file \/ca\.pem -keystore \/home\/jane\/\.jdks\/a\//,
	);

	const files = {'/home/jane/.jdks/a/lib/security/cacerts': root.certificate.raw};
	const [unseen] = await findJava(scriptedMachine({platform: 'linux', uid: 1000, files}));
	t.regex(unseen?.obstacle?.reason ?? '', /no keytool was found/);
});

test("root's keystore below a directory that others can change is left alone", async t => {
	const keystore = '/opt/java/a/lib/security/cacerts';
	const [plan] = await plans(t, {
		platform: 'linux',
		uid: 0,
		programs: {keytool: '/usr/bin/keytool'},
		files: {[keystore]: ''},
		unguarded: [keystore],
	});
	t.regex(plan?.obstacle?.reason ?? '', /others than root can change .*cacerts, or a directory/);
});

test('a keystore of another user is left alone', async t => {
	const [plan] = await plans(t, {
		platform: 'linux',
		uid: 1000,
		programs: {keytool: '/usr/bin/keytool'},
		entries: {
			'/opt/java/a/lib/security/cacerts': {kind: 'file', uid: 1001},
			'/opt/java/a/lib/security': {kind: 'directory', uid: 1001},
		},
	});
	t.regex(plan?.obstacle?.reason ?? '', /belongs to another user \(uid 1001\)/);
});
