import {isIPv6} from 'node:net';
import type {Guest} from './guest.js';
import type {Outcome} from './run.js';

/** How a program in a container asks for a page. */
export interface Asking {
	/** File with the CA as it was handed over; without it nothing is verified. */
	readonly ca?: string;
	/** The host in the URL. */
	readonly host: string;
	/** Where that leads, if it is a name. */
	readonly address?: string;
	readonly port: number;
	readonly path?: string;
}

/** `https://host:port/path`. */
export function urlOf({host, port, path = '/'}: Asking): string {
	return `https://${isIPv6(host) ? `[${host}]` : host}:${port}${path}`;
}

/** curl; the status follows the body. */
export function curl(guest: Guest, asking: Asking, ...flags: readonly string[]): Promise<Outcome> {
	const {ca, host, address, port} = asking;
	const to = address !== undefined && isIPv6(address) ? `[${address}]` : address;
	return guest.run(
		'curl',
		...['--silent', '--show-error', '--max-time', '30', '--write-out', ' %{http_code}'],
		...(ca === undefined ? ['--insecure'] : ['--cacert', ca]),
		...(to === undefined ? [] : ['--resolve', `${host}:${port}:${to}`]),
		...flags,
		urlOf(asking),
	);
}

const python = `
import http.client, socket, ssl, sys
ca, host, address, port, path = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
context.verify_flags |= ssl.VERIFY_X509_STRICT
with context.wrap_socket(socket.create_connection((address, int(port)), 30), server_hostname=host) as secure:
    connection = http.client.HTTPSConnection(host, int(port))
    connection.sock = secure
    connection.request('GET', path)
    response = connection.getresponse()
    print(response.read().decode(), response.status)
`;

const node = `
const [ca, host, address, port, path] = process.argv.slice(1);
const options = {ca: require('node:fs').readFileSync(ca), host: address, port, path, agent: false, timeout: 30_000};
const name = host.includes(':') ? '[' + host + ']' : host;
options.headers = {host: name + ':' + port};
options.servername = require('node:net').isIP(host) ? '' : host;
options.checkServerIdentity = (_, leaf) => require('node:tls').checkServerIdentity(host, leaf);
require('node:https').get(options, response => {
	response.setEncoding('utf8');
	let body = '';
	response.on('data', data => (body += data));
	response.on('end', () => console.log(body, response.statusCode));
}).on('error', error => { console.error(error.message); process.exitCode = 1; });
`;

/** Programs that verify the certificate with the CA that they were given, and print body and status. */
export const strictClients: Readonly<
	Record<string, (guest: Guest, asking: Asking) => Promise<Outcome>>
> = {
	curl: (guest, asking) => curl(guest, asking),
	python: (guest, asking) => guest.run('python3', '-c', python, ...wordsOf(asking)),
	node: (guest, asking) => guest.run(process.execPath, '-e', node, '--', ...wordsOf(asking)),
};

function wordsOf({ca = '', host, address = host, port, path = '/'}: Asking): readonly string[] {
	return [ca, host, address, String(port), path];
}
