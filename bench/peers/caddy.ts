import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {installed} from './find-program.js';
import type {Peer, Place} from './peer.js';

const configuration = ({port, backendPort, certificate}: Place): string => `{
	admin off
	auto_https off
	servers {
		protocols h1 h2
	}
}
https://localhost:${port} {
	bind 127.0.0.1
	tls ${certificate.chain} ${certificate.key}
	reverse_proxy 127.0.0.1:${backendPort} {
		header_up X-Forwarded-Port ${port}
		transport http {
			compression off
			keepalive_idle_conns_per_host 256
		}
	}
}
`;

export const caddy: Peer = {
	name: 'Caddy',
	carries: ['h1', 'h2', 'websocket'],
	find: () =>
		installed(
			'caddy',
			'version',
			/(\d+\.\d+\.\d+)/,
			'GOMAXPROCS default, 256 idle connections to the backend, same X-Forwarded headers, no access log',
			(program, place) => {
				const {folder} = place;
				const file = join(folder, 'Caddyfile');
				writeFileSync(file, configuration(place));
				return {
					program,
					args: ['run', '--config', file, '--adapter', 'caddyfile'],
					env: {HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder},
				};
			},
		),
};
