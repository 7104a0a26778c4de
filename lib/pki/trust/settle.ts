import {UserError} from '../../errors.js';
import {type Root, rootOf} from '../root.js';
import {carryOut} from './carry-out.js';
import type {Place, StoreName} from './place.js';
import {commandLine, type Step} from './step.js';

/** What became of one place. */
export interface Settled {
	readonly store: StoreName;
	readonly place: string;
	/**
	 * `added`, `removed`: done just now. `present`, `absent`: it was so before. `planned`: it would be done
	 * without `--dry-run`. `needs-root`: left as it was, since only root may change it. `unusable`: left as
	 * it was, for the reason given. `failed`: a step broke off. `follows`: it is changed with the system's.
	 */
	readonly outcome:
		| 'added'
		| 'removed'
		| 'present'
		| 'absent'
		| 'planned'
		| 'needs-root'
		| 'unusable'
		| 'failed'
		| 'follows';
	/** Why it is `unusable`, or has `failed`. */
	readonly reason?: string;
	/** What a person is to do next. */
	readonly hint?: string | undefined;
	/** The command lines that were planned and not carried out. */
	readonly commands: readonly string[];
	/** The roots that it held before and that were to go, or are to go still. */
	readonly gone: readonly Root[];
	/** Roots of Sealport that it held and that are none of this store's: of another, or of a lost one. */
	readonly others: readonly Root[];
}

/** What a place is to be like. */
export interface Wish {
	/** The root that it is to hold; `undefined` when it is to hold none of those in `gone`. */
	readonly root?: Root | undefined;
	/** Roots whose files are known. */
	readonly known: readonly Root[];
	/** Whether a root found there is to go. */
	readonly leaves: (root: Root) => boolean;
	/** Plans without carrying out. */
	readonly dryRun: boolean;
	/** Whether the system's store is still to be changed by the person, and others with it. */
	readonly isSystemPending: boolean;
	/** Whether this process may do what needs root's rights. */
	readonly isRoot: boolean;
	/** Told, before it comes to that, what a person will be asked elsewhere. */
	readonly tell: (text: string) => void;
}

/**
 * Brings one place into the state wished for, and looks whether it is. Whatever goes wrong is told of that
 * place.
 */
export async function settle(place: Place, wish: Wish): Promise<Settled> {
	const base = {store: place.store, place: place.label, commands: [], gone: [], others: []};
	if (place.obstacle !== undefined) {
		return {...base, outcome: 'unusable', ...place.obstacle};
	}
	try {
		return {...base, ...(await change(place, wish))};
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		const hint = error instanceof UserError ? error.hint : undefined;
		return {...base, outcome: 'failed', reason, hint};
	}
}

type Change = Pick<Settled, 'outcome' | 'hint' | 'commands' | 'gone' | 'others'>;

async function change(place: Place, wish: Wish): Promise<Change> {
	const {gone, missing, others} = await stateOf(place, wish);
	const {root} = wish;
	if (gone.length === 0 && missing === undefined) {
		return {outcome: root === undefined ? 'absent' : 'present', commands: [], gone, others};
	}
	const plans = [
		...gone.map(old => () => place.remove(old, wish.dryRun && missing !== undefined)),
		...(missing === undefined ? [] : [() => place.add(missing)]),
	];
	const isRefused = place.by === 'root' && !wish.isRoot;
	if (place.followsSystem && wish.isSystemPending) {
		return {outcome: 'follows', hint: undefined, commands: [], gone, others};
	}
	if (wish.dryRun || isRefused) {
		const steps: Step[] = [];
		for (const plan of plans) {
			steps.push(...(await plan()));
		}
		const prefix = isRefused && process.platform !== 'win32' ? 'sudo ' : '';
		const commands = steps.map(step => `${prefix}${commandLine(step)}`);
		return {outcome: wish.dryRun ? 'planned' : 'needs-root', commands, gone, others};
	}
	if (place.meanwhile !== undefined) {
		wish.tell(place.meanwhile);
	}
	for (const plan of plans) {
		// Each plan looks at what the one before it has left.
		await carryOut(await plan(), place.by);
	}
	const left = await stateOf(place, wish);
	for (const old of left.gone) {
		// What was put back held it, too; the record of that is used up, and it goes the plain way.
		await carryOut(await place.remove(old), place.by);
	}
	verify(place, left.gone.length === 0 ? left : await stateOf(place, wish));
	const outcome = root === undefined ? 'removed' : 'added';
	return {outcome, hint: place.afterwards, commands: [], gone, others};
}

interface State {
	/** The roots that are to go. */
	readonly gone: readonly Root[];
	/** The one that it is to hold and does not. */
	readonly missing: Root | undefined;
	readonly others: readonly Root[];
}

async function stateOf(place: Place, wish: Wish): Promise<State> {
	const held = await find(place.look, wish.known);
	const isHeld = held.some(({fingerprint}) => fingerprint === wish.root?.fingerprint);
	return {
		gone: await leaving(place, held, wish),
		missing: isHeld ? undefined : wish.root,
		others: held.filter(root => !wish.leaves(root) && !wish.known.includes(root)),
	};
}

function verify({label}: Place, {gone, missing}: State): void {
	if (missing !== undefined || gone.length > 0) {
		throw new UserError(
			'trust-store-unusable',
			`every step ended well, and yet the CA is ${missing === undefined ? 'still' : 'not'} in ${label}`,
			{hint: 'see what --dry-run prints, and try it by hand'},
		);
	}
}

/** What is to go: of what is trusted, and of what a change that broke off has left. */
async function leaving(place: Place, held: readonly Root[], wish: Wish): Promise<readonly Root[]> {
	const leftovers = await find(place.leftovers ?? none, wish.known);
	return [...held, ...leftovers].filter(wish.leaves);
}

const none: Place['look'] = async () => [];

/** Each root once, however often it was found. */
async function find(look: Place['look'], known: readonly Root[]): Promise<readonly Root[]> {
	const roots = (await look()).map(
		({raw, fingerprint256}) =>
			known.find(({certificate}) => certificate.fingerprint256 === fingerprint256) ??
			rootOf(raw, ''),
	);
	return [...new Map(roots.map(root => [root.fingerprint, root])).values()];
}
