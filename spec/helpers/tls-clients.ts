import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {pathOf} from './programs.js';
import {temporaryDirectory} from './temporary-directory.js';

/** A program that connects with nothing but what its environment and this machine tell it to trust. */
export interface TlsClient {
	readonly name: string;
	/** Why it cannot be had here, or `false`. */
	readonly missing: string | false;
	/** A command line that ends with 0 when the certificate at `https://localhost:<port>/` is trusted. */
	command(t: ExecutionContext, port: number): readonly string[];
}

const node = `
require('node:tls').connect({host: 'localhost', port: Number(process.argv[1]), servername: 'localhost'})
	.once('secureConnect', () => process.exit(0))
	.once('error', error => { console.error(error.message); process.exit(1); });
`;

const python = `
import socket, ssl, sys
context = ssl.create_default_context()
if len(sys.argv) > 2:
    context.verify_flags |= ssl.VERIFY_X509_STRICT
context.wrap_socket(socket.create_connection(('localhost', int(sys.argv[1]))), server_hostname='localhost')
`;

const requests = `
import requests, sys
requests.get('https://localhost:' + sys.argv[1] + '/')
`;

const go = `package main

import ("crypto/tls"; "fmt"; "os")

func main() {
	if _, err := tls.Dial("tcp", "localhost:" + os.Args[1], nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
`;

const java = `
public class Client {
	public static void main(String[] arguments) throws Exception {
		var socket = (javax.net.ssl.SSLSocket) javax.net.ssl.SSLSocketFactory.getDefault()
			.createSocket("localhost", Integer.parseInt(arguments[0]));
		var parameters = socket.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		socket.setSSLParameters(parameters);
		socket.startHandshake();
	}
}
`;

function fileOf(t: ExecutionContext, name: string, text: string): string {
	const file = join(temporaryDirectory(t), name);
	writeFileSync(file, text);
	return file;
}

function lacking(...programs: readonly string[]): string | false {
	const missing = programs.filter(program => pathOf(program) === undefined);
	return missing.length > 0 && `${missing.join(', ')} not installed`;
}

const url = (port: number) => `https://localhost:${port}/`;

/** One for each kind of program that the variables of `sealport env` are for. */
export const tlsClients: readonly TlsClient[] = [
	{
		name: 'Node.js',
		missing: lacking(),
		command: (_t, port) => [process.execPath, '-e', node, String(port)],
	},
	{
		name: 'curl',
		missing: lacking('curl'),
		command: (_t, port) => ['curl', '-sS', url(port)],
	},
	{
		name: 'git',
		missing: lacking('git'),
		command: (_t, port) => ['git', 'ls-remote', `${url(port)}repository.git`],
	},
	{
		name: 'openssl',
		missing: lacking('openssl'),
		command: (_t, port) => [
			...['openssl', 's_client', '-connect', `localhost:${port}`, '-servername', 'localhost'],
			...['-verify_return_error', '-verify_hostname', 'localhost', '-brief'],
		],
	},
	{
		name: 'Python',
		missing: lacking('python3'),
		command: (_t, port) => ['python3', '-c', python, String(port)],
	},
	{
		name: 'Python, strict',
		missing: lacking('python3'),
		command: (_t, port) => ['python3', '-c', python, String(port), 'strict'],
	},
	{
		name: 'Python with requests',
		missing: !existsSync('/usr/lib/python3/dist-packages/requests') && 'requests not installed',
		command: (_t, port) => ['/usr/bin/python3', '-c', requests, String(port)],
	},
	{
		name: 'Go',
		missing: lacking('go'),
		command: (t, port) => [
			...['env', 'GO111MODULE=off', `GOCACHE=${temporaryDirectory(t)}`],
			...['go', 'run', fileOf(t, 'client.go', go), String(port)],
		],
	},
	{
		name: 'Java',
		missing: lacking('java', 'javac'),
		command: (t, port) => ['java', fileOf(t, 'Client.java', java), String(port)],
	},
];
