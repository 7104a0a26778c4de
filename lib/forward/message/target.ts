import type {Backend} from '../seams.js';

/** A backend as http-proxy is told of it. */
export interface Target {
	readonly protocol: 'http:';
	readonly host: string;
	readonly port?: number;
	readonly socketPath?: string;
	/** Without a path: also its origin. */
	readonly href: string;
}

/** The target of a backend. A socket is a host called `localhost`. */
export function targetOf(backend: Backend): Target {
	if (backend.kind === 'unix') {
		const {path: socketPath} = backend;
		return {protocol: 'http:', host: 'localhost', socketPath, href: 'http://localhost'};
	}
	const {host, port} = backend;
	const name = host.includes(':') ? `[${host}]` : host;
	const origin = port === 80 ? `http://${name}` : `http://${name}:${port}`;
	return {protocol: 'http:', host, port, href: origin};
}
