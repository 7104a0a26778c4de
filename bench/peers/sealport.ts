import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {Peer} from './peer.js';

/** Of the checkout, built. */
export const sealportProgram = fileURLToPath(new URL('../../bin/sealport.cjs', import.meta.url));

const sealport = (name: string, flags: readonly string[], only?: readonly string[]): Peer => ({
	name: `Sealport ${name}`,
	...(only === undefined ? {} : {only}),
	warmsUp: true,
	carries: ['h1', 'h2', 'websocket'],
	find() {
		const file = new URL('../../../package.json', import.meta.url);
		const {version} = JSON.parse(readFileSync(file, 'utf8')) as {version: string};
		return {
			version: `sealport ${version}, Node ${process.versions.node}`,
			settings: `${flags.join(' ')}, else defaults; its own leaf of the same authority`,
			command: ({port, backendPort, certificate}) => ({
				program: process.execPath,
				args: [
					sealportProgram,
					`${backendPort}`,
					'--port',
					`${port}`,
					'--certs',
					certificate.authority,
					...flags,
				],
			}),
		};
	},
});

export const wire = sealport('wire', ['--lane', 'wire']);
export const message = sealport('message', ['--lane', 'message']);
/** Looks each connection up, whose it is. */
export const rule = sealport(
	'rule',
	['--lane', 'wire', '--allow', 'user=me'],
	['small-h1', 'small-h2', 'rule', 'rule-10k'],
);
