import {existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {UserError} from '../../../lib/errors.js';
import {carryOut} from '../../../lib/pki/trust/carry-out.js';
import {findJava} from '../../../lib/pki/trust/java.js';
import type {Machine} from '../../../lib/pki/trust/machine.js';
import type {Place} from '../../../lib/pki/trust/place.js';
import type {Root} from '../../../lib/pki/trust/root.js';
import {contentOf} from '../../helpers/content.js';
import {aliasesOf, keytool, makeKeystore, personsMachine} from '../../helpers/java.js';
import {needs} from '../../helpers/programs.js';
import {newRoot} from '../../helpers/root.js';

const title = needs('keytool');

/** The places in the home directory: those of the machine itself are never touched. */
async function placesIn(machine: Machine): Promise<readonly Place[]> {
	return (await findJava(machine)).filter(({label}) => label.includes(machine.home));
}

async function onlyPlace(t: ExecutionContext, machine: Machine): Promise<Place> {
	const [place, ...more] = await placesIn(machine);
	if (place === undefined || more.length > 0) {
		throw new Error(`one place was expected, not ${more.length + (place === undefined ? 0 : 1)}`);
	}
	t.is(place.obstacle, undefined);
	t.is(place.by, 'person');
	return place;
}

const add = async (place: Place, root: Root) => carryOut(await place.add(root), place.by);
const remove = async (place: Place, root: Root) => carryOut(await place.remove(root), place.by);
const holds = async (place: Place, {fingerprint256}: Root['certificate']) =>
	(await place.look()).some(found => found.fingerprint256 === fingerprint256);

for (const type of ['JKS', 'PKCS12'] as const) {
	title(`a keystore of the type ${type} is byte for byte what it was`, async t => {
		const machine = personsMachine(t);
		const [root, other] = [await newRoot(t), await newRoot(t)];
		const home = join(machine.home, '.jdks', 'some-17');
		const keystore = await makeKeystore(home, other.file, type);
		const before = contentOf(home);
		const place = await onlyPlace(t, machine);
		t.true(await holds(place, other.certificate));
		t.false(await holds(place, root.certificate));

		await add(place, root);
		t.true(await holds(place, root.certificate));
		t.deepEqual(await aliasesOf(keystore), ['first', root.name]);
		t.regex((await keytool(keystore, '-list')).stdout, new RegExp(`Keystore type: ${type}`));

		await remove(place, root);
		t.deepEqual(contentOf(home), before);
		t.false(existsSync(join(machine.directory, 'undo')), 'the record is gone, too');
	});
}

title('what came into a keystore after the root stays when the root goes', async t => {
	const machine = personsMachine(t);
	const [root, first, other] = [await newRoot(t), await newRoot(t), await newRoot(t)];
	const home = join(machine.home, '.sdkman', 'candidates', 'java', '21-tem');
	const keystore = await makeKeystore(home, first.file);
	const place = await onlyPlace(t, machine);
	await add(place, root);
	await keytool(keystore, '-importcert', '-noprompt', '-alias', 'other', '-file', other.file);
	await remove(place, root);
	t.deepEqual(await aliasesOf(keystore), ['first', 'other']);
	t.false(existsSync(join(machine.directory, 'undo')), 'the record is gone, too');
});

title('a keytool that fails while it writes leaves keystore and record as they were', async t => {
	const machine = personsMachine(t);
	const [root, first] = [await newRoot(t), await newRoot(t)];
	const home = join(machine.home, '.jdks', 'a');
	const keystore = await makeKeystore(home, first.file);
	const broken = join(machine.home, 'keytool');
	// As with a full disk: the file is emptied first.
	const script = [
		'#!/bin/sh',
		'case "$1" in -list) exec keytool "$@" ;; esac',
		'while test $# -gt 1; do test "$1" = -keystore && : >"$2"; shift; done',
		'echo "keytool error: java.io.IOException: No space left on device"',
		'echo "Certificate was added to keystore" >&2',
		'exit 1',
	];
	writeFileSync(broken, `${script.join('\n')}\n`, {mode: 0o755});
	mkdirSync(machine.directory, {recursive: true});
	const before = contentOf(machine.home);
	const place = await onlyPlace(t, {...machine, find: () => broken});
	const message = /keytool -importcert .*: it ended with code 1: keytool error: .*No space left/;
	await t.throwsAsync(add(place, root), {instanceOf: UserError, message});
	t.deepEqual(contentOf(machine.home), before);

	const whole = await onlyPlace(t, machine);
	await add(whole, root);
	// So that it cannot be put back.
	await keytool(keystore, '-importcert', '-noprompt', '-alias', 'new', '-file', first.file);
	const held = contentOf(home);
	await t.throwsAsync(remove(place, root), {instanceOf: UserError, message: /keytool -delete/});
	t.deepEqual(contentOf(home), held);
	t.true(await holds(whole, root.certificate));
});

title("a root counts under any alias, such as Debian's, and goes under all of them", async t => {
	const machine = personsMachine(t);
	const [root, first] = [await newRoot(t), await newRoot(t)];
	const keystore = await makeKeystore(join(machine.home, '.jdks', 'a'), first.file);
	for (const alias of ['debian:sealport.pem', 'a second, with spaces']) {
		await keytool(keystore, '-importcert', '-noprompt', '-alias', alias, '-file', root.file);
	}
	const place = await onlyPlace(t, machine);
	t.true(await holds(place, root.certificate));
	await remove(place, root);
	t.deepEqual(await aliasesOf(keystore), ['first']);
});

title('a keystore with another password is said to have one', async t => {
	const machine = personsMachine(t);
	const first = await newRoot(t);
	const keystore = await makeKeystore(join(machine.home, '.jdks', 'a'), first.file);
	await keytool(keystore, '-storepasswd', '-new', 'of-my-own');
	const place = await onlyPlace(t, machine);
	const error = await t.throwsAsync(place.look(), {instanceOf: UserError});
	t.is(error?.code, 'trust-store-unusable');
	t.regex(error?.message ?? '', /cannot open .*cacerts: its password is not changeit/);
	t.regex(error?.hint ?? '', /keytool -list -keystore .*cacerts/);
});

title('what is no keystore is said to be none', async t => {
	const machine = personsMachine(t);
	const security = join(machine.home, '.jdks', 'a', 'lib', 'security');
	mkdirSync(security, {recursive: true});
	writeFileSync(join(security, 'cacerts'), 'no keystore');
	const place = await onlyPlace(t, machine);
	const error = await t.throwsAsync(place.look(), {instanceOf: UserError});
	t.is(error?.code, 'trust-store-unusable');
	t.regex(error?.message ?? '', /cannot read .*cacerts: keytool error/);
});

title('Javas that share a keystore are one place; broken ones are none', async t => {
	const machine = personsMachine(t);
	const jdks = join(machine.home, '.jdks');
	const first = await newRoot(t);
	const keystore = await makeKeystore(join(jdks, 'real'), first.file);
	mkdirSync(join(jdks, 'other', 'lib', 'security'), {recursive: true});
	symlinkSync(keystore, join(jdks, 'other', 'lib', 'security', 'cacerts'));
	symlinkSync('real', join(jdks, 'default'));
	symlinkSync('gone', join(jdks, 'dangling'));
	mkdirSync(join(jdks, 'empty'));
	const env = {JAVA_HOME: join(jdks, 'nowhere')};
	t.is((await placesIn({...machine, env})).length, 1);
});

title('jssecacerts comes before cacerts, and Java 8 has them in its runtime', async t => {
	const machine = personsMachine(t);
	const first = await newRoot(t);
	const home = join(machine.home, 'java-8');
	const keystore = await makeKeystore(join(home, 'jre'), first.file);
	const at = async () =>
		(await placesIn({...machine, env: {JAVA_HOME: home}})).map(({label}) => label);
	t.deepEqual(await at(), [`Java keystore ${keystore}`]);
	const preferred = keystore.replace('cacerts', 'jssecacerts');
	await makeKeystore(join(home, 'second'), first.file);
	renameSync(join(home, 'second', 'lib', 'security', 'cacerts'), preferred);
	t.deepEqual(await at(), [`Java keystore ${preferred}`]);
});
