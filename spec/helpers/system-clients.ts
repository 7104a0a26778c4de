import type {Outcome} from './run.js';

/** A program that trusts what the system trusts. */
export interface SystemClient {
	readonly program: string;
	/** Its command line for an address, without any flag about certificates. */
	args(port: number, path: string): readonly string[];
	/** What it reads on its standard input, which stays open: it ends when the server does. */
	input?(port: number, path: string): string;
}

const url = (port: number, path: string) => `https://localhost:${port}${path}`;
const request = (port: number, path: string) =>
	`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`;

const python = (setting: string) => `
import ssl, sys, urllib.request
context = ssl.create_default_context()
${setting}
print(urllib.request.urlopen(sys.argv[1], context=context, timeout=20).read().decode())
`;

/** The clients of a Debian that take their roots from its system store, by name. */
export const systemClients: Readonly<Record<string, SystemClient>> = {
	curl: {
		program: 'curl',
		args: (port, path) => ['--silent', '--show-error', '--max-time', '20', url(port, path)],
	},
	wget: {
		program: 'wget',
		args: (port, path) => ['-O', '-', '--tries=1', '--timeout=20', url(port, path)],
	},
	git: {
		program: 'git',
		args: (port, path) => ['ls-remote', url(port, path)],
	},
	python: {
		program: 'python3',
		args: (port, path) => ['-c', python(''), url(port, path)],
	},
	'python, strict': {
		program: 'python3',
		args: (port, path) => [
			'-c',
			python('context.verify_flags |= ssl.VERIFY_X509_STRICT'),
			url(port, path),
		],
	},
	'gnutls-cli': {
		program: 'gnutls-cli',
		args: port => ['--port', String(port), 'localhost'],
		input: request,
	},
	'openssl s_client': {
		program: 'openssl',
		args: port => [
			...['s_client', '-verify_return_error', '-verify_hostname', 'localhost'],
			...['-connect', `localhost:${port}`, '-servername', 'localhost'],
		],
		input: request,
	},
};

/** Runs a program whose standard input is its first argument and has no end. */
const open = `
room=$(mktemp -d)
mkfifo "$room/input"
exec 3<>"$room/input"
rm -r "$room"
printf %s "$1" >&3
shift
exec "$@" <&3
`;

/** Runs a client; what it asked for, the backend knows. */
export function runClient(
	run: (program: string, args: readonly string[]) => Promise<Outcome>,
	{program, args, input}: SystemClient,
	port: number,
	path: string,
): Promise<Outcome> {
	return input === undefined
		? run(program, args(port, path))
		: run('sh', ['-c', open, 'sh', input(port, path), program, ...args(port, path)]);
}
