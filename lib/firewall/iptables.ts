import {quoted} from './comment.js';
import type {Dialect} from './dialect.js';
import {type Guard, type Step, testsOf} from './guard.js';

const [beyond, here] = ['SEALPORT', 'SEALPORT_HERE'] as const;
const verdicts = {accept: 'ACCEPT', leave: 'RETURN', refuse: 'DROP'} as const;
const programs = {4: 'iptables', 6: 'ip6tables'} as const;
const jumps = [`INPUT -p tcp -j ${beyond}`, `OUTPUT -o lo -p tcp -j ${here}`] as const;

/** A shell script for iptables(8) and ip6tables(8): two chains of its own, and a jump to each. */
export const iptables: Dialect = {
	load: 'sudo sh',
	remove: ([4, 6] as const).flatMap(family => [
		...jumps.map(jump => `sudo ${programs[family]} -D ${jump}`),
		...[beyond, here].map(
			chain => `sudo ${programs[family]} -F ${chain}; sudo ${programs[family]} -X ${chain}`,
		),
	]),
	notes: ['What other rules accept before the jump to these chains does not come to them.'],
	write: guards => ['set -eu', ...rulesOf(guards, 4), ...rulesOf(guards, 6)],
};

/** Chains that are there already are emptied and filled in one step. */
function rulesOf(guards: readonly Guard[], family: 4 | 6): readonly string[] {
	const program = programs[family];
	const ours = guards.filter(({families}) => families.includes(family));
	return [
		'',
		`# IPv${family}`,
		`if command -v ${program} >/dev/null; then`,
		...[beyond, here].map(chain => `\t${program} -w -N ${chain} 2>/dev/null || true`),
		...jumps.map(jump => `\t${program} -w -C ${jump} 2>/dev/null || ${program} -w -I ${jump}`),
		`\t${program}-restore -w --noflush <<'END'`,
		'*filter',
		...[beyond, here].map(chain => `:${chain} - [0:0]`),
		'# First again, whatever has been put before them since.',
		...jumps.flatMap(jump => [`-D ${jump}`, `-I ${jump}`]),
		`-A ${beyond} -i lo -j RETURN`,
		...ours.flatMap(guard => [
			...lines(guard.beyond, `-A ${beyond}${toPort(guard)}`, family, verdicts),
			...(guard.here === undefined
				? []
				: [
						'# Only what begins a connection: later packets may have no user any more.',
						...lines(guard.here, `-A ${here}${toPort(guard)} --tcp-flags SYN,ACK SYN`, family, {
							...verdicts,
							refuse: 'REJECT --reject-with tcp-reset',
						}),
					]),
		]),
		'COMMIT',
		'END',
		'fi',
	];
}

function lines(
	steps: readonly Step[],
	lead: string,
	family: 4 | 6,
	words: Readonly<Record<Step['verdict'], string>>,
): readonly string[] {
	return steps.flatMap(step => {
		const found = testsOf(step, [family]).map(({uid, network}) =>
			[
				lead,
				...(network === undefined ? [] : [`-s ${network.text}`]),
				...(uid === undefined ? [] : [`-m owner --uid-owner ${uid}`]),
				`-j ${words[step.verdict]}`,
			].join(' '),
		);
		return found.length === 0 ? [] : [`# ${quoted(step.reason)}`, ...found];
	});
}

function toPort({port, address}: Guard): string {
	return ` -p tcp${address === undefined ? '' : ` -d ${address.text}`} --dport ${port}`;
}
