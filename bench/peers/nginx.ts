import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {installed, isRoot} from './find-program.js';
import type {Peer, Place} from './peer.js';

const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

const configuration = ({port, backendPort, folder, certificate}: Place, more: string): string => `
daemon off;
worker_processes 1;
${isRoot ? 'user root;' : ''}
pid ${folder}/nginx.pid;
error_log ${folder}/error.log crit;
events { worker_connections 15000; }
http {
	access_log off;
	${temporary.map(name => `${name}_temp_path ${folder}/${name};`).join('\n\t')}
	map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
	upstream backend {
		server 127.0.0.1:${backendPort};
		keepalive 256;
		keepalive_requests 1000000000;
		keepalive_timeout 600s;
	}
	server {
		listen 127.0.0.1:${port} ssl http2 backlog=4096;
		ssl_certificate ${certificate.chain};
		ssl_certificate_key ${certificate.key};
		ssl_protocols TLSv1.3;
		keepalive_requests 1000000000;
		keepalive_timeout 600s;
		http2_max_concurrent_streams 256;
		location / {
			proxy_pass http://backend;
			proxy_http_version 1.1;
			proxy_set_header Host $http_host;
			proxy_set_header Connection $connection_upgrade;
			proxy_set_header Upgrade $http_upgrade;
			proxy_set_header X-Forwarded-For $remote_addr;
			proxy_set_header X-Forwarded-Proto https;
			proxy_set_header X-Forwarded-Host $http_host;
			proxy_set_header X-Forwarded-Port ${port};
			proxy_max_temp_file_size 0;
			${more}
			proxy_read_timeout 600s;
			proxy_send_timeout 600s;
		}
	}
}
`;

/** @param more settings of the location, besides those that all have */
const nginxWith = (name: string, described: string, more: string): Omit<Peer, 'only'> => ({
	name,
	carries: ['h1', 'h2', 'websocket'],
	find: () =>
		installed(
			'nginx',
			'-v',
			/nginx\/(\S+)/,
			`1 worker, upstream keepalive, same X-Forwarded headers, no temporary files, ${described}, access log off`,
			(program, place) => {
				const file = join(place.folder, 'nginx.conf');
				writeFileSync(file, configuration(place, more));
				return {
					program,
					args: ['-p', place.folder, '-c', file, '-e', join(place.folder, 'error.log')],
				};
			},
		),
});

/** nginx with buffers as they are by default. */
export const nginx: Peer = nginxWith('nginx', 'buffers of default size', '');

/** nginx with larger buffers, which make larger bodies cheaper. */
export const nginxLargeBuffers: Peer = {
	...nginxWith(
		'nginx-64k',
		'buffers of 64 KB',
		'proxy_buffer_size 64k; proxy_buffers 8 64k; proxy_busy_buffers_size 128k;',
	),
	only: ['100k', '100k-h2', '64m', '64m-h2'],
};
