import {join} from 'node:path';
import {run} from './run.js';

/** Files as a person brings them, made by OpenSSL's own command. */
export interface Made {
	readonly cert: string;
	readonly key: string;
}

/**
 * Makes a self-signed certificate and its key.
 *
 * @param kind `rsa` (2048 bits) or `ec` (P-256)
 * @param name of the files
 * @param san the subject alternative names as OpenSSL writes them
 */
export async function makeOwn(
	directory: string,
	kind: 'rsa' | 'ec',
	name: string = kind,
	san = 'DNS:*.example.com,DNS:dev.test,IP:10.0.0.1,IP:::1',
): Promise<Made> {
	const cert = join(directory, `${name}.crt`);
	const key = join(directory, `${name}.key`);
	const kinds = {rsa: ['rsa:2048'], ec: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']};
	await must('openssl', [
		...['req', '-x509', '-newkey', ...kinds[kind], '-noenc', '-keyout', key, '-out', cert],
		...['-days', '60', '-subj', '/CN=common.example', '-addext', `subjectAltName=${san}`],
	]);
	return {cert, key};
}

/** Runs a program that has to succeed. */
export async function must(program: string, args: readonly string[]): Promise<string> {
	const {code, stdout, stderr} = await run(program, args);
	if (code !== 0) {
		throw new Error(`${program} ${args.join(' ')}: ${stderr}${stdout}`);
	}
	return stdout;
}
