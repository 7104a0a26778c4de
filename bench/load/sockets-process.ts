/** Connections to itself that do nothing: it tells when all are there. */
import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Socket} from 'node:net';

const pairs = Number(process.argv[2]);
const accepted: Socket[] = [];
const server = createServer(socket => accepted.push(socket)).listen(0, '127.0.0.1');
await once(server, 'listening');
for (let each = 0; each < pairs; each++) {
	await once(connect((server.address() as AddressInfo).port, '127.0.0.1'), 'connect');
}
process.on('disconnect', () => {
	process.exit();
});
process.send?.('ready');
