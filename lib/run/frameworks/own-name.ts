import {lookup} from 'node:dns/promises';
import {isIP} from 'node:net';
import type {Place} from './flag.js';

/**
 * The name by which people reach the backend, if it is one that dev servers do not take for this machine's
 * by themselves; `undefined` for `localhost`, names below it, and addresses.
 */
export function ownName({url}: Place): string | undefined {
	const {hostname} = new URL(url);
	const name = hostname.replace(/^\[|\]$/g, '');
	return isIP(name) > 0 || /(^|\.)localhost$/.test(name) ? undefined : name;
}

/** Whether a name leads to this machine's loopback, so that one can listen on it and be alone there. */
export async function resolvesHere(name: string): Promise<boolean> {
	try {
		const {address} = await lookup(name);
		return address.startsWith('127.') || address === '::1';
	} catch {
		return false;
	}
}

/** Variables by which a name is told to what may be started further down, whatever the command is. */
export function variablesOf(place: Place): Record<string, string> {
	const name = ownName(place);
	return name === undefined
		? {}
		: {__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS: name, RAILS_DEVELOPMENT_HOSTS: name};
}
