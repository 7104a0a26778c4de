import {createHash} from 'node:crypto';
import {chmodSync, existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {sealportProgram} from '../helpers/cli.js';
import {noOwnMachine, type OwnMachine, ownMachine} from '../helpers/own-machine.js';
import {needs, unless} from '../helpers/programs.js';

const title = noOwnMachine === false ? needs('javac', 'keytool') : unless(noOwnMachine);

const program = `
import java.net.*;
import javax.net.ssl.*;
public class Get {
	public static void main(String[] args) throws Exception {
		try (var body = ((HttpsURLConnection) new URL(args[0]).openConnection()).getInputStream()) {
			System.out.print(new String(body.readAllBytes()));
		} catch (SSLHandshakeException error) {
			System.out.print("refused: " + error.getMessage());
		}
	}
}
`;

/** A machine on which `sealport` serves, and a Java program that loads a page from it. */
async function servingMachine(t: ExecutionContext) {
	const machine = await ownMachine(t);
	const backend = await startBackend(t, (_request, response) => response.end('hello'));
	const command = [sealportProgram, String(backend.port), '--port', '0', '--json'];
	const {url} = await machine.start(process.execPath, command).listening();
	writeFileSync(join(machine.home, 'Get.java'), program);
	const compiled = await machine.run('javac', ['-d', machine.home, join(machine.home, 'Get.java')]);
	t.is(compiled.code, 0, compiled.stderr);
	const get = async () => (await machine.run('java', ['-cp', machine.home, 'Get', url])).stdout;
	return {machine, get};
}

const refused = /^refused: .*unable to find valid certification path/;

/** What the system's keystore holds, and all others beside it. */
async function keystoreOf(machine: OwnMachine): Promise<string> {
	const {stdout} = await machine.run('sh', [
		'-c',
		'ls -lR --time-style=+%s /etc/ssl/certs/java; base64 /etc/ssl/certs/java/*',
	]);
	return createHash('sha256').update(stdout).digest('hex');
}

const succeeds = async (t: ExecutionContext, machine: OwnMachine, ...args: readonly string[]) => {
	const {code, stdout, stderr} = await machine.sealport(args);
	t.is(code, 0, stdout + stderr);
	return stdout;
};

title(
	'Java: refused, trusted, refused again, and its keystore is byte for byte what it was',
	async t => {
		const {machine, get} = await servingMachine(t);
		const before = await keystoreOf(machine);
		t.regex(await get(), refused);

		t.regex(await succeeds(t, machine, 'trust', '--store', 'java'), /trusted now/);
		t.is(await get(), 'hello');
		t.regex(
			await succeeds(t, machine, 'trust', '--store', 'java', '--json'),
			/"outcome":"present"/,
		);

		await succeeds(t, machine, 'untrust', '--store', 'java');
		t.regex(await get(), refused);
		t.is(await keystoreOf(machine), before);
	},
);

title(
	"what the system's store brings into a keystore it takes out again, whichever was first",
	async t => {
		const {machine, get} = await servingMachine(t);
		const before = await keystoreOf(machine);
		const stores = ['--store', 'java', '--store', 'system'];
		await succeeds(t, machine, 'trust', '--store', 'java');
		await succeeds(t, machine, 'trust', ...stores);
		t.is(await get(), 'hello');
		await succeeds(t, machine, 'untrust', ...stores);
		t.regex(await get(), refused);
		t.is(await keystoreOf(machine), before, 'Java first');

		await succeeds(t, machine, 'trust', ...stores);
		t.is(await get(), 'hello');
		await succeeds(t, machine, 'untrust', ...stores);
		t.regex(await get(), refused);
		t.is(await keystoreOf(machine), before, 'the system first');
	},
);

title(
	'a fake keytool, earlier in PATH or in a Java that others can change, is not run',
	async t => {
		const machine = await ownMachine(t);
		const [home, mark] = [join(machine.home, 'java'), join(machine.home, 'the-fake-ran')];
		const bin = join(home, 'bin');
		mkdirSync(bin, {recursive: true});
		writeFileSync(join(bin, 'keytool'), `#!/bin/sh\ntouch ${mark}\n`);
		chmodSync(join(bin, 'keytool'), 0o755);
		const env = {PATH: `${bin}:${process.env.PATH}`, JAVA_HOME: home};
		mkdirSync(join(home, 'lib', 'security'), {recursive: true});
		await machine.run('cp', ['/etc/ssl/certs/java/cacerts', join(home, 'lib', 'security')]);
		await machine.run('keytool', [], {env});
		t.true(existsSync(mark), 'it would come first');
		await machine.run('rm', [mark]);
		const {stdout} = await machine.sealport(['trust', '--store', 'java', '--json'], env);
		const events = stdout
			.trim()
			.split('\n')
			.map(line => JSON.parse(line));
		const outcome = (path: string) => events.find(({place}) => place?.endsWith(path))?.outcome;
		t.is(outcome('/etc/ssl/certs/java/cacerts'), 'added');
		t.is(outcome(join(home, 'lib', 'security', 'cacerts')), 'unusable', 'below /tmp');
		t.false(existsSync(mark));
	},
);
