import {parentPort} from 'node:worker_threads';
import {findHolders} from './holders.js';
import {openListings} from './listing.js';
import {lookUp} from './lookup.js';
import {openNetlink} from './netlink.js';
import type {Answer, Order} from './order.js';

/** How often it is looked while something changes in between. */
const tries = 4;

// Looking into /proc fails all the time, since processes end: what is never read need not be gathered.
Error.stackTraceLimit = 0;

const netlink = openNetlink();
const listings = openListings();
/** Lookups that came since the last began: the next serves them all, and is younger than any of them. */
let queue: Array<{readonly order: Order; tried: number}> = [];
let isLooking = false;

parentPort?.on('message', (order: Order) => {
	queue.push({order, tried: 0});
	if (!isLooking) {
		isLooking = true;
		// Those that have come together are looked up together.
		setImmediate(() => void work());
	}
});

// What processes have open that have many files open is remembered. It takes a while the first time.
findHolders([], listings);

async function work(): Promise<void> {
	while (queue.length > 0) {
		const batch = queue;
		queue = [];
		const outcomes = await lookUp(
			batch.map(({order}) => order.ends),
			netlink,
			listings,
		);
		for (const [index, each] of batch.entries()) {
			const outcome = outcomes[index] ?? 'changed';
			each.tried++;
			if (outcome === 'changed' && each.tried < tries) {
				queue.push(each);
			} else {
				answer(each.order.id, outcome);
			}
		}
	}
	isLooking = false;
}

function answer(id: number, outcome: Awaited<ReturnType<typeof lookUp>>[number]): void {
	const answered: Answer =
		typeof outcome === 'object'
			? {id, peers: outcome}
			: {
					id,
					failure:
						outcome === 'changed'
							? 'the other end of the connection changed hands while it was looked at'
							: outcome,
				};
	parentPort?.postMessage(answered);
}
