import {quoted} from './comment.js';
import type {Dialect} from './dialect.js';
import {type Guard, type Step, testsOf} from './guard.js';
import type {Network} from './networks.js';

/** Rules for pf.conf(5), for an anchor of their own. The first that is quick and applies decides. */
export const pf: Dialect = {
	load: 'sudo pfctl -a sealport -f -',
	remove: ['sudo pfctl -a sealport -F all'],
	notes: [
		'/etc/pf.conf has to ask for it, with a line: anchor "sealport"',
		'(macOS asks for all that is below com.apple: -a com.apple/sealport needs no such line.)',
		'The firewall has to be on: sudo pfctl -e. With "set skip on lo0" users are not told apart.',
	],
	write: guards =>
		guards.flatMap((guard, index) => [...beyondLines(guard, index + 1), ...hereLines(guard)]),
};

function beyondLines(guard: Guard, number: number): readonly string[] {
	const {beyond, families} = guard;
	const left = beyond.filter(({verdict}) => verdict === 'leave');
	const others = left
		.flatMap(({networks = []}) => networks)
		.filter(({family}) => families.includes(family));
	const table = `<sealport_${number}>`;
	// No rule says "look no further, and do nothing": so those are left out of what is blocked.
	const leavesAll = left.some(({networks}) => networks === undefined);
	return [
		...(others.length === 0 || leavesAll
			? []
			: [
					`# Checked by Sealport itself: ${left.map(({reason}) => quoted(reason)).join(', ')}`,
					`table ${table} const { ${others.map(({text}) => text).join(', ')} }`,
				]),
		...beyond.flatMap(step => {
			if (step.verdict === 'leave') {
				return leavesAll ? [`# ${quoted(step.reason)}: checked by Sealport itself`] : [];
			}
			const isLast = step === beyond.at(-1);
			const action = step.verdict === 'accept' ? 'pass in quick' : 'block drop in quick';
			const from = isLast && others.length > 0 ? `! ${table}` : 'any';
			return rules(step, guard, `${action} on ! lo0`, from);
		}),
	];
}

function hereLines(guard: Guard): readonly string[] {
	return (guard.here ?? []).flatMap(step => {
		const action = step.verdict === 'refuse' ? 'block return out quick' : 'pass out quick';
		return rules(step, guard, `${action} on lo0`, 'any');
	});
}

function rules(step: Step, guard: Guard, lead: string, otherwise: string): readonly string[] {
	const lines = testsOf(step, guard.families).flatMap(({uid, network}) =>
		guard.families
			.filter(family => network === undefined || network.family === family)
			.map(family =>
				[
					`${lead} inet${family === 6 ? '6' : ''} proto tcp`,
					`from ${fromText(network, otherwise)}`,
					`to ${guard.address?.text ?? 'any'} port ${guard.port}`,
					...(uid === undefined ? [] : [`user ${uid}`]),
				].join(' '),
			),
	);
	return lines.length === 0 ? [] : [`# ${quoted(step.reason)}`, ...lines];
}

function fromText(network: Network | undefined, otherwise: string): string {
	return network?.text ?? otherwise;
}
