import {quoted} from './comment.js';
import type {Dialect} from './dialect.js';
import {type Guard, type Step, testsOf} from './guard.js';

const verdicts = {accept: 'accept', leave: 'return', refuse: 'drop'} as const;

/** Rules for nft(8), in a table of their own. One that drops is final there; one that accepts is not. */
export const nftables: Dialect = {
	load: 'sudo nft -f -',
	remove: ['sudo nft delete table inet sealport'],
	notes: [],
	write: guards => [
		'# Added first, for what is not there cannot be deleted.',
		'add table inet sealport',
		'delete table inet sealport',
		'table inet sealport {',
		...indent([
			...guards.flatMap((guard, index) => [
				...chain(`beyond_${index + 1}`, stepLines(guard.beyond, guard, verdicts)),
				...(guard.here === undefined
					? []
					: chain(
							`here_${index + 1}`,
							stepLines(guard.here, guard, {...verdicts, refuse: 'reject with tcp reset'}),
						)),
			]),
			...chain('input', [
				'type filter hook input priority -10; policy accept;',
				...guards.map(
					(guard, index) => `iifname != "lo" ${toPort(guard)} goto beyond_${index + 1}`,
				),
			]),
			...outputChain(guards),
		]),
		'}',
	],
};

function outputChain(guards: readonly Guard[]): readonly string[] {
	const jumps = guards.flatMap(({here, ...guard}, index) =>
		here === undefined
			? []
			: `oifname "lo" ${toPort(guard)} tcp flags & (syn | ack) == syn goto here_${index + 1}`,
	);
	return jumps.length === 0
		? []
		: chain('output', [
				'type filter hook output priority -10; policy accept;',
				'# Only what begins a connection: later packets may have no user any more.',
				...jumps,
			]);
}

function stepLines(
	steps: readonly Step[],
	{families}: Guard,
	words: Readonly<Record<Step['verdict'], string>>,
): readonly string[] {
	return steps.flatMap(step => {
		const lines = testsOf(step, families).map(({uid, network}) =>
			[
				...(uid === undefined ? [] : [`meta skuid ${uid}`]),
				...(network === undefined
					? []
					: [`ip${network.family === 6 ? '6' : ''} saddr ${network.text}`]),
				words[step.verdict],
			].join(' '),
		);
		return lines.length === 0 ? [] : [`# ${quoted(step.reason)}`, ...lines];
	});
}

function toPort({
	port,
	address,
	families: [family, other],
}: Pick<Guard, 'port' | 'address' | 'families'>): string {
	const version = family === 6 ? '6' : '';
	const only = other === undefined ? `meta nfproto ipv${version === '' ? 4 : 6} ` : '';
	const place = address === undefined ? only : `ip${version} daddr ${address.text} `;
	return `${place}tcp dport ${port}`;
}

function chain(name: string, lines: readonly string[]): readonly string[] {
	return [`chain ${name} {`, ...indent(lines), '}'];
}

function indent(lines: readonly string[]): readonly string[] {
	return lines.map(line => `\t${line}`);
}
