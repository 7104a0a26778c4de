import type {Case, Check} from './finding.js';

const name = 'proxy';
const proxies = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].flatMap(both);
const exceptions = both('NO_PROXY');

function both(variable: string): readonly [string, string] {
	return [variable.toLowerCase(), variable];
}

/** Variables that send requests for this machine to a proxy elsewhere. */
export const checkProxies: Check = async ({env}) => {
	const set = named(env, proxies);
	if (set.length === 0) {
		return [{name, verdict: 'ok', detail: 'no variable names one'}];
	}
	const given = named(env, exceptions);
	const lacking = given.filter(variable => !covers(env[variable] ?? ''));
	if (given.length > 0 && lacking.length === 0) {
		return [{name, verdict: 'ok', detail: `${set.join(', ')}, but not for localhost`}];
	}
	const where = set.map(variable => `${variable}=${withoutSecrets(env[variable] ?? '')}`);
	const without = lacking.length > 0 ? `${lacking.join(' and ')} without` : 'no NO_PROXY for';
	const isPlain = set.every(variable => variable.toUpperCase() === 'HTTP_PROXY');
	const url = isPlain ? 'http://localhost' : 'localhost';
	return [
		{
			name,
			// It is for http:// alone, and what Sealport serves is https://.
			verdict: isPlain ? 'note' : 'failed',
			detail: `${where.join(', ')}, and ${without} localhost: clients look for ${url} there`,
			hint: exceptions.map(exporting).join('; '),
		},
	];
};

function exporting(variable: string): string {
	return `export ${variable}="\${${variable}:+$${variable},}localhost,127.0.0.1,::1"`;
}

/** Windows does not tell variables apart by case: there both names have one value. */
function named(env: Case['env'], variables: readonly string[]): readonly string[] {
	return variables.filter(variable => (env[variable] ?? '') !== '');
}

/** Whether a list such as `localhost,.example.com` or `*` excepts localhost. */
function covers(list: string): boolean {
	const entries = list.split(/[\s,]+/).map(entry => entry.replace(/:\d+$/, '').toLowerCase());
	return entries.some(entry => ['*', 'localhost', '.localhost'].includes(entry));
}

/** A proxy's address may hold a password. */
function withoutSecrets(proxy: string): string {
	return proxy.replace(/^([a-z\d+.-]+:\/\/)?.*@/i, '$1…@');
}
