import {mkdirSync, writeFileSync} from 'node:fs';
import {fetchHttp1} from '../helpers/fetch.js';
import {onLinuxInTurn} from '../helpers/process.js';
import {plainServer, runCommand, runServer} from '../helpers/run-server.js';

onLinuxInTurn(
	'a dev server is started, told where to listen and what to trust, and wrapped',
	async t => {
		const server = runServer(
			t,
			`import fs from 'node:fs';
		fs.writeFileSync('seen.json', JSON.stringify({args: process.argv.slice(2), env: process.env}));
		${plainServer}`,
		);
		const {url, port, ca} = await server.serving();
		t.is((await fetchHttp1({port, ca}, '/a/b?c')).body, 'got /a/b?c');
		const {env} = JSON.parse(
			(await import('node:fs')).readFileSync(`${server.directory}/seen.json`, 'utf8'),
		);
		t.is(env.HOST, '127.0.0.1');
		t.regex(env.PORT, /^\d+$/);
		t.is(env.SEALPORT_URL, url);
		t.true(env.NODE_EXTRA_CA_CERTS.endsWith('/certs/ca.pem'));
		t.true(env.SSL_CERT_FILE.endsWith('/certs/bundle.pem'));
		t.is(env.FORCE_COLOR, undefined, 'there is no terminal');
		server.run.child.kill('SIGTERM');
		await server.nothingLeft();
	},
);

onLinuxInTurn('the URL is one line of stdout, whatever else is printed there', async t => {
	const server = runServer(
		t,
		`process.stdout.write('no end of line'); console.error('to stderr');${plainServer}`,
	);
	const {url} = await server.serving();
	t.is(server.run.stdout, `no end of line\n${url}\n`);
	t.regex(server.run.stderr, /^to stderr$/m);
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});

onLinuxInTurn('with --json what it prints goes to stderr', async t => {
	const server = runServer(t, `console.log('to stdout');${plainServer}`, ['--json']);
	const {port, routes} = await server.run.listening();
	t.true(port > 0);
	t.regex(routes[0]?.backend ?? '', /^http:\/\/localhost:\d+$/);
	t.is(server.run.stdout.split('\n').length, 2);
	t.regex(server.run.stderr, /^to stdout$/m);
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});

onLinuxInTurn('every byte that it prints comes through', async t => {
	const server = runServer(
		t,
		`const all = Buffer.from(Array.from({length: 300_000}, (_, i) => (i * 7919 + (i >> 8)) & 255));
		process.stdout.write(all, () => process.stderr.write(all, () => process.exit(3)));`,
	);
	const out: Buffer[] = [];
	const err: Buffer[] = [];
	server.run.child.stdout?.on('data', chunk => out.push(chunk));
	server.run.child.stderr?.on('data', chunk => err.push(chunk));
	t.is(await server.run.ended, 3);
	const all = Buffer.from(Array.from({length: 300_000}, (_, i) => (i * 7919 + (i >> 8)) & 255));
	t.true(Buffer.concat(out).equals(all), 'stdout');
	t.true(Buffer.concat(err).includes(all), 'stderr');
	await server.nothingLeft();
});

onLinuxInTurn('flags in front are those of Sealport, and what follows is left alone', async t => {
	const server = runCommand(
		t,
		['--', 'node', 'server.mjs', '--port', '1', '--', '--help', '-x'],
		['--name', 'app.test'],
		{'server.mjs': `console.log(JSON.stringify(process.argv.slice(2)));${plainServer}`},
	);
	const {url} = await server.serving();
	t.regex(url, /^https:\/\/app\.test:/);
	t.regex(server.run.stdout, /^\["--port","1","--","--help","-x"\]$/m);
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});

onLinuxInTurn('without a command the dev script of the project runs', async t => {
	const server = runCommand(t, [], [], {
		'package.json': JSON.stringify({scripts: {dev: 'node server.mjs from-script'}}),
		'server.mjs': `console.log(process.argv[2]);${plainServer}`,
	});
	const {port, ca} = await server.serving();
	t.is((await fetchHttp1({port, ca}, '/')).body, 'got /');
	t.regex(server.run.stdout, /^from-script$/m);
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});

onLinuxInTurn('a dev script that runs sealport run is not run for ever', async t => {
	const server = runCommand(
		t,
		[],
		[],
		{
			'package.json': JSON.stringify({scripts: {dev: 'node $SEALPORT_SPEC run'}}),
		},
		{SEALPORT_SPEC: (await import('../helpers/cli.js')).sealportProgram},
	);
	t.not(await server.run.ended, 0);
	t.regex(server.run.stderr, /the script "dev" .* without a command/);
	await server.nothingLeft();
});

onLinuxInTurn('a command that is nowhere is told, with the exit code of shells', async t => {
	const server = runCommand(t, ['no-such-program-at-all']);
	t.is(await server.run.ended, 127);
	t.is(server.run.stdout, '');
	t.regex(
		server.run.stderr,
		/^error: cannot run "no-such-program-at-all": no such program\nhint: /m,
	);
	await server.nothingLeft();
});

onLinuxInTurn('what the project has installed is run by its name', async t => {
	const server = runCommand(t, ['sh', '-c', 'exec our-server'], [], {
		'server.mjs': plainServer,
	});
	mkdirSync(`${server.directory}/node_modules/.bin`, {recursive: true});
	writeFileSync(
		`${server.directory}/node_modules/.bin/our-server`,
		'#!/bin/sh\nexec node server.mjs\n',
		{mode: 0o755},
	);
	await server.serving();
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});
