import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';
import type {Peer} from './peer.js';

/** The package that the message lane builds on, with nothing around it. */
export const httpProxy: Peer = {
	name: 'http-proxy',
	warmsUp: true,
	carries: ['h1', 'websocket'],
	find() {
		const file = createRequire(import.meta.url).resolve('http-proxy/package.json');
		const {version} = JSON.parse(readFileSync(file, 'utf8')) as {version: string};
		return {
			version: `http-proxy ${version}, Node ${process.versions.node}`,
			settings: 'bare, behind a server of node:https; keep-alive agent, xfwd',
			command: ({port, backendPort, certificate}) => ({
				program: process.execPath,
				args: [
					'--no-deprecation',
					fileURLToPath(new URL('http-proxy-process.js', import.meta.url)),
					`${port}`,
					`${backendPort}`,
					certificate.chain,
					certificate.key,
				],
			}),
		};
	},
};
