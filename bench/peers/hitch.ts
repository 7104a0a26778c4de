import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {installed, isRoot} from './find-program.js';
import type {Peer, Place} from './peer.js';

// It refuses to work as root.
const configuration = ({port, backendPort, certificate}: Place): string => `
frontend = "[127.0.0.1]:${port}"
backend = "[127.0.0.1]:${backendPort}"
pem-file = "${certificate.bundle}"
workers = 1
daemon = off
backlog = 4096
tls-protos = TLSv1.3
alpn-protos = "http/1.1"
log-level = 1
syslog = off
${isRoot ? 'user = "nobody"' : ''}
`;

export const hitch: Peer = {
	name: 'hitch',
	carries: ['h1', 'websocket'],
	find: () =>
		installed(
			'hitch',
			'--version',
			/hitch (\S+)/,
			'1 worker; a tunnel: one connection to the backend for each of a client, no headers added',
			(program, place) => {
				const file = join(place.folder, 'hitch.conf');
				writeFileSync(file, configuration(place));
				return {program, args: [`--config=${file}`]};
			},
		),
};
