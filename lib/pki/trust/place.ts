import type {X509Certificate} from 'node:crypto';
import type {Root} from '../root.js';
import type {Machine} from './machine.js';
import type {Step} from './step.js';

/** The kinds of trust stores, as `--store` names them. */
export type StoreName = 'system' | 'nss' | 'java' | 'windows';

/** One place on this machine where a root can be trusted: a database, a keystore, a directory. */
export interface Place {
	readonly store: StoreName;
	/** What a person knows it by, such as `Firefox profile abcd.default` and its path. */
	readonly label: string;
	/** Who has to change it; a place of `root` stays untouched without root's rights. */
	readonly by: 'person' | 'root';
	/** Whether a change of the system's store changes it, too, as the distribution has set it up. */
	readonly followsSystem?: boolean;
	/** Why it cannot be used, and what to do about it; `undefined` when it can. */
	readonly obstacle?: {readonly reason: string; readonly hint: string} | undefined;
	/**
	 * Every root of Sealport that is trusted there (see `isOurs`), whichever checkout or user it is of.
	 *
	 * @throws UserError `trust-store-unusable`
	 */
	look(): Promise<readonly X509Certificate[]>;
	/**
	 * Roots of Sealport that lie there without being trusted, as a change that broke off leaves them:
	 * `add` and `remove` can finish it. None where the store knows no such state.
	 *
	 * @throws UserError `trust-store-unusable`
	 */
	leftovers?(): Promise<readonly X509Certificate[]>;
	/**
	 * The steps that make the place trust a root, which it does not hold.
	 *
	 * @throws UserError `trust-store-unusable` where something in the way is not to be touched
	 */
	add(root: Root): Promise<readonly Step[]>;
	/**
	 * The steps that take a root out, which it holds (or has as a leftover); the place is then what it was
	 * before.
	 *
	 * @param plain takes it out by the store's own tool even where files could be put back: what follows in
	 *   a plan that is only printed finds things as they are
	 */
	remove(root: Root, plain?: boolean): Promise<readonly Step[]>;
	/** What a person will be asked while the steps are carried out, and by whom; said before the first. */
	readonly meanwhile?: string | undefined;
	/** What a person has to do for the change to take effect, such as starting a browser anew. */
	readonly afterwards?: string | undefined;
}

/** Finds the places of one kind on a machine; none where that kind is not used. */
export type FindPlaces = (machine: Machine) => Promise<readonly Place[]>;
