import type {ProxyError} from '../../../lib/errors.js';
import type {Backend, Snapshot} from '../../../lib/forward/seams.js';

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
	const route = {match: path, backend, pathFor, proxy: undefined};
	return {
		router: {
			routes: [route],
			match: (_authority, target) => (target.startsWith(path) ? route : undefined),
		},
		policies: [{admit: authority => refuse(authority.host)}],
	};
}
