import {networkInterfaces} from 'node:os';
import type {Finding} from '../doctor/finding.js';
import {UserError} from '../errors.js';
import {type Contradiction, contradictions} from '../firewall/check/contradictions.js';
import {readRules} from '../firewall/check/read-rules.js';
import {remedyOf} from '../firewall/check/remedy.js';
import type {Guarded} from '../firewall/policy.js';
import {findingEvent, findingLines} from './doctor-report.js';
import {note, result} from './output.js';
import {asRoot} from './sudo.js';

/**
 * `sealport firewall --check`: says which rules in force go against the policy.
 *
 * @returns the exit code: 1 where some surely do
 * @throws UserError `option-invalid` elsewhere than on Linux, `command-unusable` where nothing can be read
 */
export async function checkFirewall(
	guarded: readonly Guarded[],
	{json, quiet}: {readonly json: boolean; readonly quiet: boolean},
): Promise<number> {
	if (process.platform !== 'linux') {
		throw new UserError('option-invalid', 'check: it works on Linux only', {
			hint: 'leave it out to print rules for this machine',
		});
	}
	if (process.getuid?.() !== 0) {
		throw new UserError(
			'command-unusable',
			'firewall: cannot look at the rules in force: the kernel shows them to root only',
			{hint: asRoot(process.argv.slice(2))},
		);
	}
	const {chains, sources, unseen} = await readRules();
	const found = guarded.flatMap(each => contradictions(each, chains, networkInterfaces()));
	const findings: readonly Finding[] = [
		...found.map(finding),
		...unseen.map((each): Finding => {
			return {name: 'firewall', verdict: 'note', detail: `not looked at: ${each}`};
		}),
	];
	const failed = found.filter(({isCertain}) => isCertain).length;
	const ports = guarded.map(({port}) => port).join(', ');
	for (const each of findings) {
		const isShown = !quiet || each.verdict === 'failed';
		for (const line of json ? [findingEvent(each)] : isShown ? findingLines(each) : []) {
			result(line);
		}
	}
	if (json) {
		result(JSON.stringify({event: 'firewall', ok: failed === 0, failed, sources}));
	} else if (!quiet) {
		const may = found.length > failed ? '; what is noted may' : '';
		note(
			failed > 0
				? `${failed === 1 ? 'one rule goes' : `${failed} rules go`} against the policy for port ${ports}`
				: `no rule surely goes against the policy for port ${ports}${may} (asked: ${sources.join(', ')})`,
		);
	}
	return failed === 0 ? 0 : 1;
}

const deeds: Readonly<Record<Contradiction['kind'], readonly [does: string, may: string]>> = {
	drop: ['drops', 'may drop'],
	reject: ['rejects', 'may reject'],
	redirect: ['leads elsewhere', 'may lead elsewhere'],
	unknown: ['decides on', 'may decide on'],
	'led here': ['leads here', 'may lead here from another port'],
};

function finding(contradiction: Contradiction): Finding {
	const {isCertain, kind, port, who, chain, rule} = contradiction;
	const deed = deeds[kind][isCertain ? 0 : 1];
	const what = rule === undefined ? 'its policy' : rule.text;
	return {
		name: `port ${port}`,
		verdict: isCertain ? 'failed' : 'note',
		detail: `${chain.where}, ${deed} ${who}: ${what}`,
		hint: remedyOf(contradiction),
	};
}
