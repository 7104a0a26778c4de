import {quoted} from './comment.js';
import type {Dialect} from './dialect.js';
import type {Guard, Step} from './guard.js';
import {everything, type Network, network, type Range, rangeText, subtract} from './networks.js';

/** Where no client can be, and loopback, which Windows does not filter. */
const nowhere: readonly Network[] = ['0.0.0.0/8', '127.0.0.0/8', '255.255.255.255', '::/127'].map(
	network,
);

/**
 * Commands of PowerShell for the firewall of Windows. What blocks goes before what allows there, so whoever is
 * not let in is blocked by address: other rules may allow the program everything.
 */
export const windows: Dialect = {
	load: 'powershell -NoProfile -Command -',
	remove: ['Remove-NetFirewallRule -Group Sealport'],
	notes: [
		'It takes a terminal of the administrator.',
		'Windows does not filter what stays on this machine: users are told apart by Sealport alone.',
	],
	write: guards => [
		'Remove-NetFirewallRule -Group Sealport -ErrorAction SilentlyContinue',
		...guards.flatMap(linesOf),
	],
};

function linesOf(guard: Guard): readonly string[] {
	const all = guard.families.map(everything);
	let rest = subtract(all, nowhere);
	return guard.beyond.flatMap(step => {
		const given = step.networks?.filter(({family}) => guard.families.includes(family));
		const places: readonly Range[] = given ?? rest;
		const texts = given?.map(({text}) => text) ?? rest.map(rangeText);
		if (step.verdict !== 'refuse') {
			rest = subtract(rest, places);
		}
		return step.verdict === 'leave' || texts.length === 0
			? [`# ${quoted(step.reason)}: checked by Sealport itself`]
			: [`# ${quoted(step.reason)}`, rule(step, guard, texts)];
	});
}

function rule({verdict}: Step, {port, address}: Guard, remote: readonly string[]): string {
	const action = verdict === 'accept' ? 'Allow' : 'Block';
	return [
		`New-NetFirewallRule -Group Sealport -DisplayName 'Sealport ${port}' -Direction Inbound`,
		`-Protocol TCP -LocalPort ${port}`,
		...(address === undefined ? [] : [`-LocalAddress ${address.text}`]),
		`-RemoteAddress ${remote.map(text => `'${text}'`).join(',')}`,
		`-Action ${action} | Out-Null`,
	].join(' ');
}
