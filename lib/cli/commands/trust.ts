import {UserError} from '../../errors.js';
import {defaultDirectory} from '../../pki/store/directory.js';
import type {StoreName} from '../../pki/trust/place.js';
import type {Settled} from '../../pki/trust/settle.js';
import {storeNames} from '../../pki/trust/stores.js';
import {trust as trustIn, untrust as untrustIn} from '../../pki/trust/trust.js';
import {note, result, warn} from '../output.js';
import {isDone, placeEvent, strangers, trustTable, unfinished} from '../trust-report.js';

/** What the flags of `trust` and `untrust` come to. */
export interface TrustFlags {
	readonly store?: readonly string[] | undefined;
	readonly domain?: readonly string[] | undefined;
	readonly renew?: boolean | undefined;
	readonly all?: boolean | undefined;
	readonly dryRun?: boolean | undefined;
	readonly certs?: string | undefined;
	readonly json?: boolean | undefined;
	readonly quiet?: boolean | undefined;
}

/**
 * `sealport trust`: puts the root into the trust stores of this machine.
 *
 * @returns the exit code: 0 when there are stores, and every one is as asked
 */
export async function trust(flags: TrustFlags): Promise<number> {
	const {domain, renew, dryRun, certs, json} = flags;
	const {root, domains, isNew, warnings, renewed, places} = await trustIn({
		directory: certs ?? defaultDirectory(),
		stores: storesOf(flags),
		domains: listOf(domain),
		renew,
		dryRun,
		tell: text => say(flags, text),
	});
	for (const warning of flags.quiet ? [] : warnings) {
		warn(warning);
	}
	const done = places.length > 0 && places.every(isDone);
	if (json) {
		for (const place of places) {
			result(placeEvent(place));
		}
		const {fingerprint, file} = root;
		result(JSON.stringify({event: 'trust', ok: done, ca: file, fingerprint, domains}));
		return codeOf(flags, done);
	}
	if (dryRun && isNew) {
		say(flags, 'a new authority would be made: the digits behind sealport- will be other ones');
	}
	if (renewed !== undefined) {
		const what = dryRun ? 'it would replace the old one' : 'a new authority replaces the old one';
		const why = renewed === 'as asked' ? '' : `, since ${renewed}`;
		say(flags, `${what}${why}: restart every sealport that runs`);
	}
	printTable(flags, places, done);
	for (const line of flags.quiet ? [] : strangers(places)) {
		warn(line);
	}
	if (places.length === 0) {
		say(flags, `no trust store found: make clients trust ${root.file}, or see sealport env --help`);
	}
	if (!(dryRun && isNew)) {
		say(flags, `the CA is ${root.file}, its SHA-256 fingerprint ${root.fingerprint}`);
	}
	if (domains.length > 0) {
		say(flags, `besides local names it may vouch for ${domains.join(', ')}`);
	}
	say(flags, 'Node.js and other programs that bring roots of their own take it from sealport env');
	sayUnfinished(flags, places, 'trust');
	return codeOf(flags, done);
}

/**
 * `sealport untrust`: takes it out again.
 *
 * @returns the exit code: 0 when no store found holds it any more
 */
export async function untrust(flags: TrustFlags): Promise<number> {
	const directory = flags.certs ?? defaultDirectory();
	const {all, dryRun, json} = flags;
	const {roots, places} = await untrustIn({
		directory,
		stores: storesOf(flags),
		all,
		dryRun,
		tell: text => say(flags, text),
	});
	const done = places.every(isDone);
	if (json) {
		for (const place of places) {
			result(placeEvent(place));
		}
		const fingerprints = roots.map(({fingerprint}) => fingerprint);
		result(JSON.stringify({event: 'untrust', ok: done, fingerprints}));
		return codeOf(flags, done);
	}
	printTable(flags, places, done);
	for (const line of strangers(places)) {
		say(flags, line);
	}
	if (roots.length === 0 && !all) {
		say(
			flags,
			`there is no authority in ${directory}: --certs names another directory, --all takes out every Sealport CA`,
		);
	} else if (done && !dryRun) {
		say(
			flags,
			`the authority itself stays in ${directory}: delete that directory to be rid of it, too`,
		);
	}
	sayUnfinished(flags, places, 'untrust');
	return codeOf(flags, done);
}

/** With `--quiet` only where something is left to do. */
function printTable({quiet, store}: TrustFlags, places: readonly Settled[], done: boolean): void {
	for (const line of places.length > 0 && !(quiet && done) ? trustTable(places) : []) {
		result(line);
	}
	for (const name of quiet ? [] : listOf(store)) {
		if (!places.some(place => place.store === name)) {
			note(`nothing of the kind ${name} was found on this machine`);
		}
	}
}

function sayUnfinished(
	flags: TrustFlags,
	places: readonly Settled[],
	command: 'trust' | 'untrust',
): void {
	const text = flags.dryRun ? undefined : unfinished(places, command);
	if (text !== undefined) {
		say(flags, text);
	}
}

function codeOf({dryRun}: TrustFlags, done: boolean): number {
	return done || dryRun ? 0 : 1;
}

function say({quiet}: TrustFlags, text: string): void {
	if (!quiet) {
		note(text);
	}
}

function listOf(values: readonly string[] | undefined): readonly string[] {
	return (values ?? []).flatMap(value => value.split(',').map(each => each.trim()));
}

function storesOf({store}: TrustFlags): readonly StoreName[] | undefined {
	const wanted = listOf(store);
	const unknown = wanted.find(name => !storeNames.some(known => known === name));
	if (unknown !== undefined) {
		throw new UserError(
			'option-invalid',
			`store: expected one of ${storeNames.join(', ')}, got ${JSON.stringify(unknown)}`,
			{hint: 'leave --store out for all of them'},
		);
	}
	return wanted.length === 0 ? undefined : storeNames.filter(name => wanted.includes(name));
}
