import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {Peer} from './peer.js';

/** Of the checkout, built. */
export const sealportProgram = fileURLToPath(new URL('../../bin/sealport.cjs', import.meta.url));

const sealport = (lane: string): Peer => ({
	name: `Sealport ${lane}`,
	warmsUp: true,
	carries: ['h1', 'h2', 'websocket'],
	find() {
		const file = new URL('../../../package.json', import.meta.url);
		const {version} = JSON.parse(readFileSync(file, 'utf8')) as {version: string};
		return {
			version: `sealport ${version}, Node ${process.versions.node}`,
			settings: `--lane ${lane}, else defaults; its own leaf of the same authority`,
			command: ({port, backendPort, certificate}) => ({
				program: process.execPath,
				args: [
					sealportProgram,
					`${backendPort}`,
					'--port',
					`${port}`,
					'--certs',
					certificate.authority,
					'--lane',
					lane,
				],
			}),
		};
	},
});

export const wire = sealport('wire');
export const message = sealport('message');
