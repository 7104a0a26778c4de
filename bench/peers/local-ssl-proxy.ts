import {join} from 'node:path';
import {npmPackage} from './npm.js';
import type {Peer} from './peer.js';

export const localSslProxy: Peer = {
	name: 'local-ssl-proxy',
	closesClients: true,
	warmsUp: true,
	carries: ['h1', 'websocket'],
	find() {
		const found = npmPackage('local-ssl-proxy');
		if (found === undefined) {
			return {missing: 'not installed: npm had no network'};
		}
		return {
			version: `local-ssl-proxy ${found.version}, Node ${process.versions.node}`,
			settings:
				"defaults, but for the backend by its address; no keep-alive to the backend, and the client's connection closes with it (the client then resumes its session)",
			command: ({port, backendPort, certificate}) => ({
				program: process.execPath,
				args: [
					join(found.folder, 'build', 'main.js'),
					...['--hostname', '127.0.0.1', '--source', `${port}`, '--target', `${backendPort}`],
					...['--cert', certificate.chain, '--key', certificate.key],
				],
			}),
		};
	},
};
