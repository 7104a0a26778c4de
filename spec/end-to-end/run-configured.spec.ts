import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {startBackend} from '../helpers/backend.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {onLinuxInTurn} from '../helpers/process.js';
import {plainServer, runCommand} from '../helpers/run-server.js';

for (const command of ['node server.mjs "a b"', ['node', 'server.mjs', 'a b']]) {
	onLinuxInTurn(`the configuration file names the command: ${JSON.stringify(command)}`, async t => {
		const server = runCommand(t, [], [], {
			'sealport.config.json': JSON.stringify({command, names: ['app.test']}),
			'package.json': JSON.stringify({scripts: {dev: 'exit 1'}}),
			'server.mjs': `console.log('[' + process.argv.slice(2) + ']');${plainServer}`,
		});
		const {url} = await server.serving();
		t.regex(url, /^https:\/\/app\.test:/);
		t.regex(server.run.stdout, /^\[a b\]$/m);
		server.run.child.kill('SIGTERM');
		await server.nothingLeft();
	});
}

onLinuxInTurn('its routes stand beside the dev server, and changes are taken', async t => {
	const other = await startBackend(t, (_request, response) => response.end('the other'));
	const server = runCommand(t, ['node', 'server.mjs'], [], {
		'sealport.config.json': JSON.stringify({routes: {'/api': other.port}}),
		'server.mjs': plainServer,
	});
	const {port, ca} = await server.serving();
	t.is((await fetchHttp1({port, ca}, '/')).body, 'got /');
	t.is((await fetchHttp1({port, ca}, '/api')).body, 'the other');
	const file = join(server.directory, 'sealport.config.json');
	writeFileSync(file, JSON.stringify({routes: {'/other': other.port}}));
	await server.run.says(/configuration reloaded/);
	t.is((await fetchHttp1({port, ca}, '/api')).body, 'got /api');
	t.is((await fetchHttp1({port, ca}, '/other')).body, 'the other');
	t.is((await fetchHttp1({port, ca}, '/')).body, 'got /');
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});

onLinuxInTurn('SIGHUP has the file read again, and the dev server goes on', async t => {
	const server = runCommand(t, ['node', 'server.mjs'], [], {
		'sealport.config.json': JSON.stringify({routes: {'/api': 1}}),
		'server.mjs': plainServer,
	});
	const {port, ca} = await server.serving();
	server.run.child.kill('SIGHUP');
	await server.run.says(/configuration reloaded/);
	t.is((await fetchHttp1({port, ca}, '/')).body, 'got /');
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});
