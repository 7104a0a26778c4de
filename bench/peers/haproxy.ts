import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {installed} from './find-program.js';
import type {Peer, Place} from './peer.js';

const configuration = ({port, backendPort, certificate}: Place): string => `
global
	nbthread 1
	maxconn 6000
	ssl-default-bind-options ssl-min-ver TLSv1.3
defaults
	mode http
	timeout connect 5s
	timeout client 600s
	timeout server 600s
	timeout tunnel 600s
	timeout http-keep-alive 600s
	http-reuse always
frontend secure
	bind 127.0.0.1:${port} ssl crt ${certificate.bundle} alpn h2,http/1.1 backlog 4096
	http-request set-header X-Forwarded-For %[src]
	http-request set-header X-Forwarded-Proto https
	http-request set-header X-Forwarded-Host %[req.hdr(host)]
	http-request set-header X-Forwarded-Port ${port}
	default_backend plain
backend plain
	server one 127.0.0.1:${backendPort}
`;

export const haproxy: Peer = {
	name: 'HAProxy',
	carries: ['h1', 'h2', 'websocket'],
	find: () =>
		installed(
			'haproxy',
			'-v',
			/version (\S+?)[-\s]/,
			'nbthread 1, http-reuse always, same X-Forwarded headers, no log',
			(program, place) => {
				const file = join(place.folder, 'haproxy.cfg');
				writeFileSync(file, configuration(place));
				return {program, args: ['-db', '-q', '-f', file]};
			},
		),
};
