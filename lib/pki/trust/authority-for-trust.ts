import {basename, join, resolve} from 'node:path';
import {type Authority, createAuthority} from '../authority.js';
import {isWithin} from '../constraints.js';
import {parseDomain} from '../domain.js';
import {reserve} from '../expiry.js';
import {readConstraints} from '../read-constraints.js';
import {type Root, rootOf} from '../root.js';
import {assertAlive, caName} from '../store/authority-file.js';
import {openAuthority, refuseOrphan} from '../store/open-authority.js';
import {renewAuthority, widened} from '../store/renew-authority.js';
import {peekAuthority, storedRoots} from '../store/stored-roots.js';

/** What `authorityForTrust` needs to know. */
export interface AuthorityWish {
	/** The store directory. */
	readonly directory: string;
	/** What the authority has to vouch for besides the local names; with `renew` this and nothing else. */
	readonly domains: readonly string[];
	/** Whether a new authority is wanted whatever the one there is like. */
	readonly renew: boolean;
	/** Writes nothing; a new authority is then one that nobody will see again. */
	readonly dryRun: boolean;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** The root to trust. */
export interface RootForTrust {
	readonly root: Root;
	/** The domains that it may vouch for besides the local names and addresses. */
	readonly domains: readonly string[];
	/** Whether a new authority was made. */
	readonly isNew: boolean;
	/** What a person should know of its files, in sentences without a full stop. */
	readonly warnings: readonly string[];
	/** Why it was made in place of another; `undefined` when it was not. */
	readonly renewed: string | undefined;
}

/**
 * Opens the authority whose root is to be trusted. A new one is put in its place when it may not vouch
 * for a domain, when it has less than 30 days left, and when that is asked for: a root cannot be changed,
 * since its key no longer exists.
 *
 * @throws UserError `store-unusable`, or `option-invalid` for a domain that nobody owns
 */
export async function authorityForTrust(wish: AuthorityWish): Promise<RootForTrust> {
	const {directory, renew, dryRun, now} = wish;
	const asked = await Promise.all(wish.domains.map(parseDomain));
	const found = renew ? undefined : await peekAuthority(directory);
	const reason = renew ? 'as asked' : reasonToRenew(found, asked, now);
	const known = renew && asked.length > 0 ? [] : await knownDomains(found, directory);
	const domains = [...new Set([...known, ...asked])].filter(isForeign);
	const isNew = found === undefined || reason !== undefined;
	if (dryRun) {
		const file = join(resolve(directory), caName);
		if (found === undefined && !renew && asked.length === 0) {
			refuseOrphan(directory, now);
		} else if (found !== undefined && !isNew) {
			assertAlive(found, file, now);
		}
		const {root} =
			isNew || found === undefined ? await createAuthority(now, widened(domains)) : found;
		return {root: rootOf(root.raw, file), domains, isNew, warnings: [], renewed: reason};
	}
	const {authority, caFile, warnings} =
		reason === undefined && (found !== undefined || asked.length === 0)
			? await openAuthority(directory, now)
			: await renewAuthority(directory, domains, now);
	return {root: rootOf(authority.root.raw, caFile), domains, isNew, warnings, renewed: reason};
}

function reasonToRenew(
	found: Authority | undefined,
	asked: readonly string[],
	now: number,
): string | undefined {
	if (found === undefined) {
		return undefined;
	}
	const missing = asked.filter(text => !isWithin({kind: 'dns', text}, found.constraints));
	if (missing.length > 0) {
		return `the old one may not vouch for ${missing.join(', ')}`;
	}
	const {validTo} = found.root;
	const left = Date.parse(validTo) - now;
	return left < reserve ? `the old one ${left < 0 ? 'ended' : 'ends'} on ${validTo}` : undefined;
}

/** The domains of the authority in a store, whatever is left of that. */
async function knownDomains(
	found: Authority | undefined,
	directory: string,
): Promise<readonly string[]> {
	if (found !== undefined) {
		return found.constraints.dns;
	}
	const bornAt = ({certificate}: Root) => Date.parse(certificate.validFrom);
	const roots = storedRoots(directory);
	// The one in use, whatever the clock said when it was made; or else the newest.
	const current = roots.find(({file}) => basename(file) === caName);
	const last = current ?? [...roots].sort((one, other) => bornAt(other) - bornAt(one))[0];
	try {
		return last === undefined ? [] : readConstraints(last.certificate).dns;
	} catch {
		// Not one that could be read for an authority either.
		return [];
	}
}

function isForeign(text: string): boolean {
	return !isWithin({kind: 'dns', text});
}
