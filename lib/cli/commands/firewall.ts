import {type AccessSettings, isOpen} from '../../config/access.js';
import {validate} from '../../config/options.js';
import {UserError} from '../../errors.js';
import {type DialectName, dialectNames, scriptOf} from '../../firewall/dialect.js';
import {dialects, likelyDialect} from '../../firewall/dialects.js';
import {guardedBy} from '../../firewall/from-settings.js';
import {guardOf} from '../../firewall/guard.js';
import type {Guarded} from '../../firewall/policy.js';
import {effective} from '../effective.js';
import type {Flags} from '../flags.js';
import {namingOrigin} from '../origins.js';
import {note, result} from '../output.js';

/** What the flags of `sealport firewall` come to. */
export interface FirewallFlags extends Flags {
	readonly for?: string | undefined;
	readonly check?: boolean | undefined;
}

/**
 * `sealport firewall`: prints rules of a firewall that match the policy in force, and changes nothing; with
 * `--check` it looks whether rules in force on this machine go against the policy.
 *
 * @returns the exit code: 1 where some do
 * @throws ConfigError with all that is wrong
 * @throws UserError `option-invalid`, or `command-unusable` where the rules in force cannot be read
 */
export async function firewall(backend: string | undefined, flags: FirewallFlags): Promise<number> {
	const dialect = parseDialect(flags.for);
	const holds = await effective({backend, flags});
	const {json = false, quiet = false} = holds.flags;
	let guarded: readonly Guarded[];
	try {
		const tunnels = holds.options.length === 0 ? [{...holds.common, routes: 1}] : holds.options;
		const settings = tunnels.map(options => validate(options).access);
		guarded = settings.map(guardedBy);
		if (!quiet && settings.every(isOpen)) {
			tellOpen(settings);
		}
	} catch (error) {
		throw namingOrigin(error, holds.origins);
	}
	if (flags.check) {
		const {checkFirewall} = await import('../firewall-check.js');
		return checkFirewall(guarded, {json, quiet});
	}
	const {load, remove} = dialects[dialect];
	const script = scriptOf(dialects[dialect], guarded.map(guardOf));
	if (json) {
		const ports = guarded.map(({port}) => port);
		result(JSON.stringify({event: 'firewall', for: dialect, ports, script, load, remove}));
		return 0;
	}
	process.stdout.write(script);
	if (!quiet) {
		note(`nothing was changed; to load these rules, pipe them into ${load}`);
	}
	return 0;
}

function tellOpen(settings: readonly AccessSettings[]): void {
	const ports = settings.map(({port}) => port).join(', ');
	note(
		`port ${ports} is for this machine only, and for all of its users: no policy says otherwise`,
	);
}

function parseDialect(text: string | undefined): DialectName {
	const found = dialectNames.find(name => name === text);
	if (text !== undefined && found === undefined) {
		throw new UserError(
			'option-invalid',
			`for: expected ${dialectNames.slice(0, -1).join(', ')} or ${dialectNames.at(-1)}, got ${JSON.stringify(text)}`,
			{hint: 'leave it out for the firewall that is here'},
		);
	}
	return found ?? likelyDialect();
}
