import {lookup} from 'node:dns/promises';
import type {Check} from './finding.js';

const name = 'localhost';

/** Whether `localhost` leads to this machine, for both families of addresses. */
export const checkLocalhost: Check = async ({machine}) => {
	const hosts =
		machine.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';
	const found = await lookup('localhost', {all: true}).catch(() => []);
	const addresses = [...new Set(found.map(({address}) => address))];
	const hint = `put the lines "127.0.0.1 localhost" and "::1 localhost" into ${hosts}`;
	const foreign = addresses.filter(address => !/^127\.|^::1$/.test(address));
	if (foreign.length > 0) {
		const detail = `localhost leads away from this machine, to ${foreign.join(', ')}`;
		return [{name, verdict: 'failed', detail, hint}];
	}
	if (!addresses.includes('127.0.0.1')) {
		const detail = `localhost does not lead to 127.0.0.1${addresses.length > 0 ? `, only to ${addresses.join(', ')}` : ''}`;
		return [{name, verdict: 'failed', detail, hint}];
	}
	if (!addresses.includes('::1')) {
		const detail = 'localhost leads to 127.0.0.1 only: programs that insist on IPv6 do not find it';
		return [{name, verdict: 'note', detail, hint: `put the line "::1 localhost" into ${hosts}`}];
	}
	return [{name, verdict: 'ok', detail: addresses.join(' and ')}];
};
