import type {ProxyError} from '../../../lib/errors.js';
import type {Backend, Client, Snapshot} from '../../../lib/forward/seams.js';

/** A client of which nothing is known but its address. */
export function clientAt(address: string): Client {
	return {address, port: 50_000, peers: undefined, certificate: undefined};
}

/** A configuration of one route, which every path that begins with `path` takes. */
export function snapshotOf({
	base = '',
	path = '/',
	refuse = () => undefined,
}: {
	readonly base?: string;
	readonly path?: string;
	readonly refuse?: (host: string) => ProxyError | undefined;
} = {}): Snapshot {
	const backend: Backend = {
		kind: 'tcp',
		protocol: 'http/1.1',
		host: 'localhost',
		port: 3000,
		base,
		label: 'x',
	};
	const pathFor = (target: string) => `${base}${target}`;
	const route = {match: path, backend, pathFor, proxy: undefined, policies: []};
	return {
		router: {
			routes: [route],
			match: (_authority, target) => (target.startsWith(path) ? route : undefined),
		},
		names: {serves: () => true, admit: authority => refuse(authority.host)},
		policies: [],
	};
}
