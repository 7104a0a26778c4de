import {checkExposure} from '../access/exposure/exposure.js';
import {isWildcard, reachedAt} from '../access/exposure/own-addresses.js';
import type {Backend} from '../forward/seams.js';
import {checkRoutes} from '../routing/check.js';
import type {Fields} from './options.js';
import type {Problems} from './problems.js';

const loopback = ['127.0.0.1', '::1'];

/** Finds what is wrong with options that each are right by themselves. */
export function checkTogether(fields: Fields, problems: Problems): void {
	const {routes, lane, access} = fields;
	const place = (index: number) => routes[index]?.place ?? 'routes';
	problems.attempt(undefined, () => checkExposure(access));
	for (const {path, message, hint} of checkRoutes(routes, place)) {
		problems.add(path, message, hint);
	}
	for (const {backend, backendPlace, proxy} of routes) {
		if (leadsHere(backend, fields)) {
			problems.add(
				backendPlace,
				`${backend.label} is the port that Sealport itself is to listen on`,
				'name the port of your dev server, or listen on another one with --port',
			);
		}
		const byMessage = lane === 'message' || proxy !== undefined;
		if (backend.protocol === 'h2c' && byMessage) {
			const what =
				lane === 'message' ? 'the message lane does' : "routes with options of http-proxy's do";
			const hint =
				lane === 'message'
					? 'leave --lane out, or name the backend with http://'
					: 'leave the options out, or name the backend with http://';
			problems.add(
				lane === 'message' ? 'lane' : backendPlace,
				`${what} not speak HTTP/2 to backends, got ${JSON.stringify(backend.label)}`,
				hint,
			);
		}
	}
}

/** Whether a backend is where Sealport listens: its requests would come back for ever. */
function leadsHere(backend: Backend, {port, host}: Fields): boolean {
	if (backend.kind !== 'tcp' || backend.port !== port || port === 0) {
		return false;
	}
	const isLocal = backend.host === 'localhost' || backend.host.endsWith('.localhost');
	const addresses = isLocal ? loopback : [backend.host];
	return addresses.some(address => listensOn(host).includes(address));
}

function listensOn(host: string): readonly string[] {
	if (host === 'loopback') {
		return loopback;
	}
	return isWildcard(host) ? [...loopback, ...reachedAt(host)] : [host];
}
