import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {home} from '../helpers/home.js';
import {noOwnNetwork, type OwnNetwork, ownNetwork} from '../helpers/own-network.js';
import {unless} from '../helpers/programs.js';

const alone = unless(noOwnNetwork);

/** What a dev server's package brings along, as far as anybody outside can tell. */
const vite = `
const [port = '5173', host = '127.0.0.1'] = process.argv.slice(2);
require('node:http')
	.createServer((request, response) => response.end('a page'))
	.listen(Number(port), host, () => console.log('ready'));
`;

/** Starts it in a project of its own below the home directory. */
async function start(
	{start: run}: OwnNetwork,
	project: string,
	args: readonly string[],
	command = 'vite',
	source = vite,
): Promise<number> {
	const directory = join(home, project);
	const place = join(directory, 'node_modules', command, 'bin');
	mkdirSync(place, {recursive: true});
	writeFileSync(join(place, `${command}.cjs`), source);
	const script = join('node_modules', command, 'bin', `${command}.cjs`);
	const server = run(directory, process.execPath, [script, ...args]);
	await server.says('ready');
	return server.child.pid ?? 0;
}

async function refusal(t: ExecutionContext, network: OwnNetwork, args: readonly string[] = []) {
	const run = network.sealport(home, args);
	t.is(await run.ended, 2, run.stderr);
	t.is(run.stdout, '');
	t.regex(run.stderr, /^error: [^\n]+\n(?:hint: [^\n]+\n)+$/);
	return run.stderr;
}

alone('the one dev server there is gets wrapped, and it is said which that is', async t => {
	const network = await ownNetwork(t);
	const pid = await start(network, 'one', []);
	const sealport = network.sealport(home, ['--port', '0', '--json']);
	const {routes} = await sealport.listening();
	t.is(routes[0]?.backend, 'http://localhost:5173');
	t.true(
		sealport.stderr.includes(`found vite on port 5173 (pid ${pid}, ~/one)\n`),
		sealport.stderr,
	);
});

alone('with --quiet it is wrapped and not spoken of', async t => {
	const network = await ownNetwork(t);
	await start(network, 'quiet', ['3000', '0.0.0.0']);
	const sealport = network.sealport(home, ['--port', '0', '--json', '--quiet']);
	const {routes} = await sealport.listening();
	t.is(routes[0]?.backend, 'http://localhost:3000');
	t.is(sealport.stderr, '');
});

alone('one on another address of loopback is wrapped there', async t => {
	const network = await ownNetwork(t);
	await start(network, 'elsewhere', ['3000', '127.0.0.7']);
	const sealport = network.sealport(home, ['--port', '0', '--json']);
	const {routes} = await sealport.listening();
	t.is(routes[0]?.backend, 'http://127.0.0.7:3000');
});

alone('several are listed with the command for each, and none is wrapped', async t => {
	const network = await ownNetwork(t);
	await start(network, 'first', ['5173', '::']);
	await start(network, 'second', ['8000'], 'astro');
	for (const args of [[], ['--json'], ['--quiet']]) {
		const text = await refusal(t, network, args);
		t.regex(text, /^error: 2 dev servers/);
		t.true(text.includes('\nhint: sealport 5173   vite, ~/first\n'), text);
		t.true(text.includes('\nhint: sealport 8000   astro, ~/second\n'), text);
	}
});

alone('with none it is said what to do', async t => {
	const text = await refusal(t, await ownNetwork(t));
	t.regex(text, /no dev server found/);
	t.regex(text, /hint: .*sealport 3000.*sealport run.*sealport demo/);
});

alone(
	'Sealport itself, databases, debuggers and servers for WebSockets only do not count',
	async t => {
		const network = await ownNetwork(t);
		await start(network, 'database', ['5432']);
		await start(network, 'browser', ['3001'], 'other', `process.title = 'x'; ${vite}`);
		await start(
			network,
			'upgrades',
			['3002'],
			'sockets',
			vite.replace("response.end('a page')", 'response.writeHead(426).end()'),
		);
		await start(
			network,
			'greets',
			['3003'],
			'mailer',
			"require('node:net').createServer(s => s.end('220 mail\\r\\n')).listen(3003, '127.0.0.1', () => console.log('ready'));",
		);
		const debugged = network.start(home, process.execPath, [
			'--inspect=127.0.0.1:9500',
			'-e',
			"console.log('ready'); setInterval(() => {}, 1000)",
		]);
		await debugged.says('ready');
		const first = network.sealport(home, ['demo', '--port', '0', '--json']);
		await first.listening();
		const sealport = network.sealport(home, ['--port', '0', '--json']);
		const {routes} = await sealport.listening();
		t.is(routes[0]?.backend, 'http://localhost:3001');
	},
);

alone('one that accepts and keeps silent is not wrapped unasked, but named', async t => {
	const network = await ownNetwork(t);
	const silent =
		"require('node:net').createServer(() => {}).listen(3000, '127.0.0.1', () => console.log('ready'));";
	const pid = await start(network, 'silent', [], 'next', silent);
	const text = await refusal(t, network);
	t.regex(text, /next \(pid \d+\) accepts connections on port 3000/);
	t.true(text.includes(`(pid ${pid})`));
	t.regex(text, /hint: sealport 3000 wraps it/);
});

alone('what a program calls itself cannot write to the terminal', async t => {
	const network = await ownNetwork(t);
	const evil = '\u001b]0;owned\u0007\n\u202e';
	mkdirSync(join(home, evil), {recursive: true});
	for (const port of ['3000', '3001']) {
		await start(
			network,
			`${evil}/${port}`,
			[port],
			'server',
			`process.title = '${evil.replace('\n', '')}';${vite}`,
		);
	}
	const text = await refusal(t, network);
	t.notRegex(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
	t.is(text.match(/^hint: sealport 300/gm)?.length, 2);
});

unless(noOwnNetwork || (process.getuid?.() !== 0 && 'only root becomes another user'))(
	"another user's dev server is not wrapped",
	async t => {
		const network = await ownNetwork(t);
		const script = `process.setuid(4321); ${vite}`;
		const server = network.start(home, process.execPath, ['-e', script, '3000']);
		await server.says('ready');
		t.regex(await refusal(t, network), /no dev server found/);
	},
);
