import type {Listener} from './listener.js';

/** Where to listen. */
export interface Place {
	readonly host: string;
	readonly port: number;
}

/** The listener in force, and those before it for as long as they have connections. */
export class Listeners {
	readonly #open: (place: Place) => Promise<Listener>;
	readonly #former = new Set<Listener>();
	#current: Listener;
	/** As it was asked for: port 0 stands for any. */
	#place: Place;

	/** @param open opens another @throws UserError whatever that throws */
	static async listen(open: (place: Place) => Promise<Listener>, place: Place): Promise<Listeners> {
		return new Listeners(open, place, await open(place));
	}

	private constructor(open: (place: Place) => Promise<Listener>, place: Place, first: Listener) {
		this.#open = open;
		this.#place = place;
		this.#current = first;
	}

	get current(): Listener {
		return this.#current;
	}

	/**
	 * Listens elsewhere, beside the present listener, which loses its port only if that is the one wanted.
	 *
	 * @returns what makes it the listener in force; and what gives it up
	 * @throws UserError as before
	 */
	async prepare({host, port}: Place): Promise<{commit(): void; revert(): void}> {
		const before = this.#place;
		const isSamePort = port === this.#current.port;
		if (host === before.host && (port === before.port || isSamePort)) {
			return {commit: nothing, revert: nothing};
		}
		if (isSamePort) {
			// One of its addresses may be among those wanted.
			this.#current.refuse();
		}
		try {
			const opened = await this.#open({host, port});
			return {
				commit: () => this.#replace(opened, {host, port}),
				revert() {
					opened.stop();
					opened.close();
				},
			};
		} catch (error) {
			if (isSamePort) {
				this.#replace(await this.#open({host: before.host, port}), before);
			}
			throw error;
		}
	}

	/** Stops accepting, and cuts what has not completed its handshake. */
	stop(): void {
		this.#each(listener => listener.stop());
	}

	/** Resolves when the last connection has gone. */
	idle(): Promise<unknown> {
		return Promise.all(this.#each(listener => listener.idle()));
	}

	/** Cuts every connection that is left. */
	close(): void {
		this.#each(listener => listener.close());
	}

	#replace(listener: Listener, place: Place): void {
		const before = this.#current;
		this.#current = listener;
		this.#place = place;
		this.#former.add(before);
		before.refuse();
		void before.idle().then(() => this.#former.delete(before));
	}

	#each<Result>(act: (listener: Listener) => Result): Result[] {
		return [...this.#former, this.#current].map(act);
	}
}

function nothing(): void {
	/* it stays as it is */
}
