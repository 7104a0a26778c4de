import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {installed} from './find-program.js';
import type {Peer, Place} from './peer.js';

const configuration = ({port, backendPort, certificate}: Place): string => `
foreground = quiet
pid =
debug = crit
syslog = no
[tunnel]
accept = 127.0.0.1:${port}
connect = 127.0.0.1:${backendPort}
cert = ${certificate.chain}
key = ${certificate.key}
sslVersionMin = TLSv1.3
`;

export const stunnel: Peer = {
	name: 'stunnel',
	carries: ['h1', 'websocket'],
	find: () =>
		installed(
			'stunnel',
			'-version',
			/stunnel (\d\S+)/,
			'defaults; a tunnel with a thread for each connection, no headers added',
			(program, place) => {
				const file = join(place.folder, 'stunnel.conf');
				writeFileSync(file, configuration(place));
				return {program, args: [file]};
			},
		),
};
