import {type Entry, Paths} from './paths.js';

/** The routes by host: those of exactly this host, those of wildcards, the longest first, those of all. */
export class Hosts {
	readonly #exact = new Map<string, Paths>();
	/** By what follows the asterisk: `.app.localhost`. */
	readonly #below = new Map<string, Paths>();
	readonly #all = new Paths();
	readonly #everywhere = [this.#all];

	add(entry: Entry): void {
		const {host} = entry.match;
		if (host === undefined) {
			this.#all.add(entry);
			return;
		}
		const isWildcard = host.startsWith('*.');
		const group = isWildcard ? this.#below : this.#exact;
		const key = isWildcard ? host.slice(1) : host;
		const paths = group.get(key) ?? new Paths();
		group.set(key, paths);
		paths.add(entry);
	}

	/**
	 * Where to look for a host's route, in this order.
	 *
	 * @param host lower case, without a trailing dot, IPv6 without brackets
	 */
	for(host: string): readonly Paths[] {
		const exact = this.#exact.size === 0 ? undefined : this.#exact.get(host);
		if (this.#below.size === 0) {
			return exact === undefined ? this.#everywhere : [exact, this.#all];
		}
		const found = exact === undefined ? [] : [exact];
		for (let dot = host.indexOf('.', 1); dot >= 0; dot = host.indexOf('.', dot + 1)) {
			const below = this.#below.get(host.slice(dot));
			if (below !== undefined) {
				found.push(below);
			}
		}
		found.push(this.#all);
		return found;
	}
}
