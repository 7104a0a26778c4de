/** http-proxy as its own documentation sets it up behind TLS, but for an agent that keeps connections. */
import {readFileSync} from 'node:fs';
import {Agent} from 'node:http';
import {createServer} from 'node:https';
import httpProxy from 'http-proxy';

const [port, backendPort, cert = '', key = ''] = process.argv.slice(2);
const proxy = httpProxy.createProxyServer({
	target: `http://127.0.0.1:${backendPort}`,
	agent: new Agent({keepAlive: true}),
	xfwd: true,
});
proxy.on('error', (_error, _request, response) => {
	response.destroy();
});
const server = createServer(
	{cert: readFileSync(cert), key: readFileSync(key)},
	(request, response) => proxy.web(request, response),
);
server.on('upgrade', (request, socket, head) => proxy.ws(request, socket, head));
// As long as with the other peers: idle connections are measured too.
server.keepAliveTimeout = 600_000;
server.listen(Number(port), '127.0.0.1');
