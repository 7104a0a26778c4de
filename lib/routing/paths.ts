import type {Route} from '../forward/seams.js';
import type {Match} from './match.js';

/** A route with what it matches. */
export interface Entry {
	readonly route: Route;
	readonly match: Match;
}

interface Node {
	entry: Entry | undefined;
	readonly below: Map<string, Node>;
}

/** The routes of one host: finds by path, and costs what the path has segments, however many there are. */
export class Paths {
	readonly #patterns: Array<Entry & {readonly pattern: RegExp}> = [];
	readonly #root: Node = {entry: undefined, below: new Map()};
	#first: Entry | undefined;

	add(entry: Entry): void {
		this.#first ??= entry;
		const {pattern, prefix} = entry.match;
		if (pattern !== undefined) {
			this.#patterns.push({...entry, pattern});
			return;
		}
		let node = this.#root;
		for (const segment of prefix.split('/').filter(Boolean)) {
			const next = node.below.get(segment) ?? {entry: undefined, below: new Map()};
			node.below.set(segment, next);
			node = next;
		}
		node.entry = entry;
	}

	/** The one for `*`, which has no path. */
	get whole(): Entry | undefined {
		return this.#root.entry ?? this.#first;
	}

	/** The one that all paths lead to, where there is no other. */
	get only(): Entry | undefined {
		const isOnly = this.#patterns.length === 0 && this.#root.below.size === 0;
		return isOnly ? this.#root.entry : undefined;
	}

	/**
	 * Finds a route: regular expressions in their order, then the longest prefix.
	 *
	 * @param path tidy and resolved
	 * @param query with its question mark, or empty
	 */
	find(path: string, query: string): Entry | undefined {
		if (this.#patterns.length > 0) {
			const target = path + query;
			for (const entry of this.#patterns) {
				if (entry.pattern.test(target)) {
					return entry;
				}
			}
		}
		let node: Node | undefined = this.#root;
		let {entry} = node;
		let start = 1;
		while (node.below.size > 0 && start <= path.length) {
			const slash = path.indexOf('/', start);
			const end = slash < 0 ? path.length : slash;
			node = node.below.get(path.slice(start, end));
			if (node === undefined) {
				break;
			}
			entry = node.entry ?? entry;
			start = end + 1;
		}
		return entry;
	}
}
