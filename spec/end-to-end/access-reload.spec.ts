import {readFileSync} from 'node:fs';
import {Agent} from 'node:https';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {project, runIn, write} from '../helpers/configured.js';
import {fetchHttp1, fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {onLinuxInTurn} from '../helpers/process.js';
import {startHello} from '../helpers/strangers/stage.js';

const own = `exe=${process.execPath}`;
const other = 'user=65000';

/** The command line with a configuration file, asked by this program itself. */
async function start(t: ExecutionContext, rules: object) {
	t.timeout(300_000);
	const routes = await startHello(t);
	const directory = project(t, {'sealport.config.json': {routes, ...rules}});
	const sealport = runIn(t, directory, ['--port', '0', '--json']);
	const {port, ca} = await sealport.listening();
	const endpoint = {port, ca: readFileSync(ca ?? '', 'utf8')};
	const agent = new Agent({keepAlive: true, maxSockets: 1});
	t.teardown(() => agent.destroy());
	const session = await openHttp2(t, endpoint);
	let reloads = 0;
	return {
		sealport,
		change: (content: object) =>
			write(join(directory, 'sealport.config.json'), {routes, ...content}),
		async reloaded() {
			reloads++;
			await sealport.says(new RegExp(`("event":"reloaded"[\\s\\S]*){${reloads}}\\n`));
		},
		/** Over a connection of its own. */
		anew: async () => (await fetchHttp1(endpoint, '/')).status,
		/** Over the connection from before, while it is open. */
		kept: async () => (await fetchHttp1(endpoint, '/', {agent})).status,
		/** The same over HTTP/2; 0 when that is closed. */
		multiplexed: async () => {
			try {
				return (await fetchHttp2(session, {':path': '/', ':authority': `localhost:${port}`}))
					.status;
			} catch {
				return 0;
			}
		},
	};
}

onLinuxInTurn('a reload with a rule that is wrong keeps those in force', async t => {
	const {sealport, change, anew, kept} = await start(t, {allow: own});
	t.deepEqual([await anew(), await kept()], [200, 200]);
	for (const [rules, why] of [
		[{allow: 'user=no-such-user'}, /^error: allow\[0\]: there is no user "no-such-user"/m],
		[{deny: 'exe=/no/such/program'}, /^error: deny\[0\]: cannot find "\/no\/such\/program"/m],
		[{allow: [own, 'exe=/usr/bin/[a]']}, /^error: allow\[1\]: bad glob/m],
	] as const) {
		change(rules);
		await sealport.says(why);
		t.deepEqual([await anew(), await kept()], [200, 200]);
	}
	t.notRegex(sealport.stdout, /"reloaded"/);
});

onLinuxInTurn('nor does one let in whom they refuse', async t => {
	const {sealport, change, anew, kept} = await start(t, {deny: own});
	t.deepEqual([await anew(), await kept()], [403, 403]);
	change({allow: [own, 'pid=4194305']});
	await sealport.says(/^error: allow\[1\]: there is no process 4194305/m);
	t.deepEqual([await anew(), await kept()], [403, 403]);
});

for (const [name, rules] of [
	['denied', {deny: own}],
	['not allowed', {allow: other}],
] as const) {
	onLinuxInTurn(`who is ${name} after a reload is so on open connections, too`, async t => {
		const {change, reloaded, anew, kept, multiplexed} = await start(t, {});
		t.deepEqual([await anew(), await kept(), await multiplexed()], [200, 200, 200]);
		change(rules);
		await reloaded();
		t.deepEqual([await anew(), await kept()], [403, 403]);
		t.true([0, 403].includes(await multiplexed()));
	});

	onLinuxInTurn(
		`who was allowed and is ${name} then is refused on the same connection`,
		async t => {
			const {change, reloaded, anew, kept, multiplexed} = await start(t, {allow: own});
			t.deepEqual([await anew(), await kept(), await multiplexed()], [200, 200, 200]);
			change(rules);
			await reloaded();
			t.deepEqual([await anew(), await kept(), await multiplexed()], [403, 403, 403]);
			change({allow: own});
			await reloaded();
			t.deepEqual([await anew(), await kept(), await multiplexed()], [200, 200, 200]);
		},
	);
}
