import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type ServeOptions, serve, type Tunnel} from '../../lib/index.js';
import {laneOf} from './lanes.js';

/** One certificate store for all tunnels of a spec file: making an authority takes its time. */
const certs = mkdtempSync(join(tmpdir(), 'sealport-certs-'));
process.on('exit', () => rmSync(certs, {recursive: true, force: true}));

/**
 * Made before the first tunnel is. All tests of a file begin at once: otherwise each of them would make an
 * authority and a leaf, and throw them away for those of the quickest.
 */
let store: Promise<void> | undefined;

async function makeStore(): Promise<void> {
	const tunnel = await serve({routes: 1, port: 0, certs, wait: 0});
	await tunnel.close(0);
}

/** A tunnel on a free port, by the lane of the test, cut when the spec ends. */
export async function startTunnel(
	t: ExecutionContext,
	routes: number | string,
	options: Partial<ServeOptions> = {},
): Promise<Tunnel> {
	store ??= makeStore();
	await store;
	const tunnel = await serve({routes, port: 0, certs, wait: 0, lane: laneOf(t), ...options});
	t.teardown(() => tunnel.close(0));
	const {reload} = tunnel;
	// A reload takes all options anew, and the store would be that of the person who runs this.
	tunnel.reload = options => reload.call(tunnel, {certs, ...options});
	return tunnel;
}
