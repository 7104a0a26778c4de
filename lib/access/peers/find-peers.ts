import type {Ends, Peers} from '../../forward/seams.js';

/** Finds out which processes are at the other end of connections. Shared by configurations that follow each other. */
export interface PeerFinder {
	/**
	 * @param ends of a connection that has been accepted: `local` is ours
	 * @throws Error that says why they cannot be known
	 */
	find(ends: Ends): Promise<Peers>;
	/** One more has use for it. */
	hold(): void;
	/** One fewer; without any, what runs for it is ended. */
	release(): void;
}

/** What a platform has to offer. */
export interface PeerSearch {
	/** @throws Error that says why they cannot be known */
	find(ends: Ends): Promise<Peers>;
	/** Ends what runs for it. Lookups that are under way fail. */
	close(): void;
}

/**
 * Opens the search of this platform, at once, so that the first connection finds it at work.
 *
 * @param open opens it; that of the platform, by default
 */
export function openPeerFinder(open: () => Promise<PeerSearch> = openSearch): PeerFinder {
	const start = () => {
		const opening = open();
		// Whoever asks is told; until somebody does, it is nobody's failure.
		opening.catch(() => undefined);
		return opening;
	};
	let search: Promise<PeerSearch> | undefined = start();
	let uses = 0;
	return {
		async find(ends) {
			search ??= start();
			return (await search).find(ends);
		},
		hold() {
			uses++;
			search ??= start();
		},
		release() {
			uses--;
			if (uses === 0) {
				search?.then(
					opened => opened.close(),
					() => undefined,
				);
				search = undefined;
			}
		},
	};
}

async function openSearch(): Promise<PeerSearch> {
	switch (process.platform) {
		case 'linux': {
			const {openOnLinux} = await import('./linux/search.js');
			return openOnLinux();
		}
		case 'darwin': {
			const {openMacosFinder} = await import('./macos.js');
			return openMacosFinder();
		}
		case 'win32': {
			const {openWindowsFinder} = await import('./windows.js');
			return openWindowsFinder();
		}
		default:
			throw new Error(`processes are not looked up on ${process.platform}`);
	}
}
