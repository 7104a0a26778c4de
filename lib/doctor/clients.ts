import {basename, join} from 'node:path';
import {caName} from '../pki/store/authority-file.js';
import {sudoer} from '../pki/store/owner.js';
import type {StoreName} from '../pki/trust/place.js';
import {type Client, plainRequest} from './client.js';
import {go} from './clients/go.js';
import {java} from './clients/java.js';
import {node} from './clients/node.js';
import {python} from './clients/python.js';
import type {Case, Finding} from './finding.js';
import {lineOf} from './line-of.js';
import type {Probe} from './probe.js';
import {runClient} from './run-client.js';

const curl: Client = {
	name: 'curl',
	program: 'curl',
	start: ({url}) => ({args: ['--silent', '--show-error', url]}),
	store: 'system',
	variables: ['CURL_CA_BUNDLE', 'SSL_CERT_FILE'],
};

const wget: Client = {
	name: 'wget',
	program: 'wget',
	start: ({url}) => ({
		args: ['--no-verbose', '--no-hsts', '--tries=1', '--output-document=-', url],
	}),
	store: 'system',
	variables: [],
	otherwise: caFile => `put the line "ca_certificate = ${caFile}" into ~/.wgetrc`,
};

const openssl: Client = {
	name: 'openssl',
	program: 'openssl',
	start: probe => ({
		args: [
			...['s_client', '-quiet', '-verify_return_error', '-connect', `${probe.host}:${probe.port}`],
			...['-servername', probe.host, '-verify_hostname', probe.host],
		],
		input: plainRequest(probe),
	}),
	store: 'system',
	variables: ['SSL_CERT_FILE', 'SSL_CERT_DIR'],
};

const git: Client = {
	name: 'git',
	program: 'git',
	start: ({url}) => ({
		args: ['ls-remote', `${url}/repository.git`],
		env: {GIT_TERMINAL_PROMPT: '0'},
	}),
	store: 'system',
	variables: ['GIT_SSL_CAINFO'],
};

/** Every client that is tried where it is found. */
export const clients: readonly Client[] = [curl, wget, openssl, git, node, python, java, go];

/**
 * Whether the trust stores of a kind all hold the root: not when there is none. `needs-root`: one that
 * does not is root's, and this process is not.
 */
export type LookFor = (store: StoreName) => Promise<'held' | 'missing' | 'needs-root'>;

/** Lets a client connect, and says how it went; nothing for one that is not installed. */
export async function tryClient(
	client: Client,
	probe: Probe,
	what: Case,
	lookFor: LookFor,
): Promise<readonly Finding[]> {
	const {name, program, patience = 10_000, useless = []} = client;
	const {args, input = '', env = {}, cwd} = client.start(probe);
	const owner = sudoer();
	const home = owner === undefined ? {} : {HOME: owner.home};
	const end = await runClient({
		...{program, args, input, patience, owner, cwd, proof: probe.proof, signal: what.signal},
		// Whatever they leave behind goes with that directory.
		env: {...what.env, ...home, TMPDIR: probe.room, ...env},
	});
	switch (end.kind) {
		case 'absent':
			return [];
		case 'accepted':
			return [{name, verdict: 'ok', detail: 'accepts the certificate'}];
		case 'late':
			return [
				{
					name,
					verdict: 'failed',
					detail: `has not got an answer within ${patience / 1000} seconds`,
					hint: `see what holds it up: start sealport and try ${basename(program)} on its URL`,
				},
			];
		case 'refused': {
			const why = useless.find(([said]) => said.test(end.said))?.[1];
			if (why !== undefined) {
				return [{name, verdict: 'note', detail: why}];
			}
			return [await explain(client, lineOf(end.said), what, lookFor)];
		}
	}
}

async function explain(
	{name, variables, decides = /./, store, otherwise}: Client,
	said: string,
	{certificate, commands, directory, env}: Case,
	lookFor: LookFor,
): Promise<Finding> {
	const detail = `refuses: ${said}`;
	const fails = (hint: string): Finding => ({name, verdict: 'failed', detail, hint});
	if (!/certif|PKIX|trust|authorit|issuer|verify|self.signed|x509/i.test(said)) {
		return fails('it did not get as far as the certificate: mend what else failed here first');
	}
	if (certificate.kind !== 'authority') {
		return fails('make it trust the authority that signed your certificate');
	}
	const set = variables.filter(variable => decides.test(env[variable] ?? ''));
	if (set.length > 0) {
		return {
			...fails(`${commands.env}, which keeps what is there`),
			detail: `${detail} (${set.join(' and ')} decide${set.length === 1 ? 's' : ''} what it trusts)`,
		};
	}
	const found = store === 'none' ? 'held' : await lookFor(store);
	if (found !== 'held') {
		const more = found === 'needs-root' ? ', and the sudo commands that it prints' : '';
		return fails(`${commands.trust}${more}`);
	}
	const reason =
		store === 'none'
			? 'it trusts the roots that it brings along, and what a variable names'
			: 'it does not use the trust store, which holds the CA';
	return {
		name,
		verdict: 'note',
		detail: `${detail}: ${reason}`,
		hint: otherwise?.(join(directory, caName)) ?? commands.env,
	};
}
