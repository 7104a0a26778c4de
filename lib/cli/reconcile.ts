import {type ServeOptions, serve, type Tunnel} from '../index.js';

/**
 * Has the running tunnels do what other options say: those whose port stays take them, others are started, and
 * those that nobody asks for any more are drained. A single one takes another port, too.
 *
 * @param running each with the options that it has
 * @throws UserError what is wrong with the new options; everything is then as it was before
 */
export async function reconcile(
	running: ReadonlyMap<Tunnel, ServeOptions>,
	wanted: readonly ServeOptions[],
): Promise<ReadonlyMap<Tunnel, ServeOptions>> {
	const next = new Map<Tunnel, ServeOptions>();
	const left = new Map(running);
	const added: ServeOptions[] = [];
	const isSingle = running.size === 1 && wanted.length === 1;
	for (const options of wanted) {
		const same =
			[...left].find(([, former]) => isSingle || keyOf(former) === keyOf(options)) ??
			[...left].find(([{port}, former]) => keyOf({...former, port}) === keyOf(options));
		if (same === undefined) {
			added.push(options);
		} else {
			left.delete(same[0]);
			next.set(same[0], options);
		}
	}
	const started: Tunnel[] = [];
	const reloaded: Tunnel[] = [];
	try {
		for (const options of added) {
			const tunnel = await serve(options);
			started.push(tunnel);
		}
		for (const [tunnel, options] of next) {
			await tunnel.reload(options);
			reloaded.push(tunnel);
		}
	} catch (error) {
		await Promise.all(started.map(tunnel => tunnel.close(0)));
		for (const tunnel of reloaded) {
			await tunnel.reload(running.get(tunnel) ?? {routes: []});
		}
		throw error;
	}
	for (const tunnel of left.keys()) {
		void tunnel.close();
	}
	started.forEach((tunnel, index) => {
		next.set(tunnel, added[index] ?? {routes: []});
	});
	return next;
}

function keyOf({port, host}: ServeOptions): string {
	return `${host ?? 'loopback'} ${port ?? ''}`;
}
