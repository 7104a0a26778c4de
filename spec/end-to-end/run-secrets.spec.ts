import {fetchHttp1} from '../helpers/fetch.js';
import {onLinuxInTurn} from '../helpers/process.js';
import {runServer} from '../helpers/run-server.js';

const telling = `import http from 'node:http';
http.createServer((_, response) => response.end(JSON.stringify(process.env))).listen(process.env.PORT, '127.0.0.1');`;

onLinuxInTurn('a dev server does not inherit what lets in', async t => {
	const token = 'given-by-a-person-1234';
	const secrets = {SEALPORT_TOKEN: token, SEALPORT_AUTH: 'alice:hush-hush', OF_ITS_OWN: 'stays'};
	const server = runServer(t, telling, [], secrets);
	const {port, ca} = await server.serving();
	t.is((await fetchHttp1({port, ca}, '/')).status, 401);
	const headers = {authorization: `Bearer ${token}`};
	const {body} = await fetchHttp1({port, ca}, '/', {headers});
	t.true(body.includes('"OF_ITS_OWN":"stays"'));
	t.false(body.includes(token));
	t.false(body.includes('hush-hush'));
	server.run.child.kill('SIGTERM');
	await server.nothingLeft();
});
