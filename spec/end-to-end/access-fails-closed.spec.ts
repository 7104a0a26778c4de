import {chmodSync, copyFileSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {sealportProgram, spawnProgram} from '../helpers/cli.js';
import {project, runIn, withoutPorts} from '../helpers/configured.js';
import {openPlace, startHello, visit} from '../helpers/strangers/stage.js';
import {curl, daemon, nobody, type User, withUsers} from '../helpers/strangers/users.js';
import {until} from '../helpers/until.js';

/** Nothing is started with a rule that cannot be read: an error says which, and why. */
const refused = test.macro({
	title: (_, flag: string, rule: string) => `nothing is started with ${flag} ${rule}`,
	async exec(t, flag: string, rule: string, why: RegExp) {
		t.timeout(120_000);
		const sealport = runIn(t, project(t, {}), ['3000', flag, rule], withoutPorts(t));
		t.is(await sealport.ended, 2, sealport.stderr);
		t.regex(sealport.stderr, new RegExp(`^error: (allow|deny)\\[0\\]: .*${why.source}`, 'm'));
	},
});

test.serial(
	refused,
	'--allow',
	'exe=/no/such/program',
	/cannot find "\/no\/such\/program": no such file/,
);
test.serial(refused, '--deny', 'exe=/no/such/folder/*', /cannot find "\/no\/such\/folder\/"/);
test.serial(refused, '--allow', 'exe=/usr/bin/[cw]*', /bad glob/);
test.serial(refused, '--deny', 'user=no-such-user', /there is no user "no-such-user"/);
test.serial(refused, '--allow', 'pid=4194305', /there is no process 4194305/);
test.serial(refused, '--allow', 'address=10.0.0.0/33', /"10.0.0.0\/33"/);
test.serial(refused, '--deny', 'colour=blue', /unknown condition "colour=blue"/);
test.serial(refused, '--allow', '', /expected conditions/);

/** Sealport as a user who may not look into the processes of others. */
async function asNobody(t: ExecutionContext, flags: readonly string[]) {
	t.timeout(300_000);
	const place = openPlace(t);
	const backend = await startHello(t);
	const home = join(place.directory, 'home');
	mkdirSync(home);
	chmodSync(home, 0o777);
	const sealport = spawnProgram(t, home, 'setpriv', [
		...[`--reuid=${nobody.uid}`, `--regid=${nobody.uid}`, '--clear-groups'],
		...[process.execPath, sealportProgram, String(backend), '--port', '0', '--json', ...flags],
	]);
	const {port, ca} = await sealport.listening();
	const root = join(place.directory, 'ca.pem');
	copyFileSync(ca ?? '', root);
	chmodSync(root, 0o644);
	const asks = (user: User, program: string, path: string) =>
		visit({user, program, protocol: 'h2', address: '127.0.0.1', path}, port, root, place);
	return {sealport, asks, place};
}

withUsers('a process that may not be looked into is not let in by its program', async t => {
	const {sealport, asks} = await asNobody(t, ['--allow', `exe=${curl}`]);
	t.is(await asks(nobody, curl, '/own'), '200 hello');
	t.is(await asks(daemon, curl, '/other'), '403');
	await until(sealport.stderr, () => sealport.stderr.includes('/other from '));
	t.regex(
		sealport.stderr,
		/refused: GET \S+\/other from daemon, an unknown program: policy allow: /,
	);
	t.notRegex(sealport.stderr, /\/own from/);
});

withUsers('nor does it pass where another program is denied', async t => {
	const {asks, place} = await asNobody(t, ['--deny', 'exe=/usr/bin/python3*']);
	t.is(await asks(nobody, curl, '/own'), '200 hello');
	t.is(await asks(daemon, curl, '/other'), '403');
	t.is(await asks(nobody, place.python, '/denied'), '403');
});

withUsers('nor where a container is denied', async t => {
	const {asks} = await asNobody(t, ['--deny', 'container=0123456789abcdef']);
	t.is(await asks(nobody, curl, '/own'), '200 hello');
	t.is(await asks(daemon, curl, '/other'), '403');
});

withUsers('its user is known all the same', async t => {
	const {asks} = await asNobody(t, ['--allow', 'user=daemon', '--allow', 'user=me']);
	t.is(await asks(nobody, curl, '/own'), '200 hello');
	t.is(await asks(daemon, curl, '/other'), '200 hello');
	const root = {name: 'root', uid: 0};
	t.is(await asks(root, curl, '/root'), '403');
});
