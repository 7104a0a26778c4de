import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {OwnMachine} from '../own-machine.js';
import {hear, must, type Visitor} from './visitor.js';

const request = (host: string) => `GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`;
const violation = /permitted subtree violation/;

/** A program that is told where to go by its arguments. */
const tool = (
	program: string,
	args: (host: string, port: number) => readonly string[],
	more: Partial<Visitor> = {},
	speak?: typeof request,
): Visitor => ({
	name: program,
	programs: [program],
	arrive: async (_t, machine) => (host, port) =>
		hear(machine, program, args(host, port), speak === undefined ? {} : {input: speak(host)}),
	...more,
});

const python = (name: string, more: string): Visitor => {
	const script = `
import ssl, sys, urllib.request
context = ssl.create_default_context()
${more}
print(urllib.request.urlopen(sys.argv[1], context=context).read().decode())
`;
	return tool('python3', (host, port) => ['-c', script, `https://${host}:${port}/`], {
		name,
		unpermitted: violation,
	});
};

const java = `
import java.net.URL;
public class Visit {
	public static void main(String[] args) throws Exception {
		System.out.println(new String(new URL(args[0]).openStream().readAllBytes()));
	}
}
`;

const go = `
package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	response, err := http.Get(os.Args[1])
	fmt.Println(response, err)
}
`;

function write(machine: OwnMachine, name: string, content: string): string {
	const path = join(machine.home, name);
	writeFileSync(path, content);
	return path;
}

/** Programs and runtimes that go by the system's store, and Node, which has to be told. */
export const programs: readonly Visitor[] = [
	tool('curl', (host, port) => ['-sSv', `https://${host}:${port}/`], {unpermitted: violation}),
	tool('wget', (host, port) => ['-t', '1', '-O', '-', `https://${host}:${port}/`], {
		unpermitted: /The certificate of .* is not trusted/,
	}),
	tool('git', (host, port) => ['ls-remote', `https://${host}:${port}/`], {
		unpermitted: /server certificate verification failed/,
	}),
	tool(
		'openssl',
		(host, port) => [
			...['s_client', '-ign_eof', '-connect', `127.0.0.1:${port}`, '-servername', host],
			...['-verify_hostname', host, '-verify_return_error'],
		],
		{unpermitted: violation},
		request,
	),
	tool(
		'gnutls-cli',
		(host, port) => ['--port', String(port), host],
		{name: 'GnuTLS', unpermitted: /violates the signer's constraints/},
		request,
	),
	python('Python', ''),
	python('Python with VERIFY_X509_STRICT', 'context.verify_flags |= ssl.VERIFY_X509_STRICT'),
	{
		name: 'Node',
		programs: [],
		unpermitted: violation,
		arrive: async (_t, machine, caFile) => (host, port) =>
			hear(machine, process.execPath, ['-e', `fetch('https://${host}:${port}/')`], {
				env: {NODE_EXTRA_CA_CERTS: caFile},
			}),
	},
	{
		name: 'Java',
		programs: ['java', 'javac'],
		unpermitted: /name constraints/,
		async arrive(_t, machine) {
			const source = write(machine, 'Visit.java', java);
			await must(machine, 'javac', ['-d', machine.home, source]);
			return (host, port) =>
				hear(machine, 'java', ['-cp', machine.home, 'Visit', `https://${host}:${port}/`]);
		},
	},
	{
		name: 'Go',
		programs: ['go'],
		unpermitted: /a root or intermediate certificate is not authorized to sign for this name/,
		async arrive(_t, machine) {
			const program = join(machine.home, 'visit');
			const source = write(machine, 'visit.go', go);
			await must(machine, 'go', ['build', '-o', program, source]);
			return (host, port) => hear(machine, program, [`https://${host}:${port}/`]);
		},
	},
];
