import type {Backend, ProxyOptions} from '../seams.js';
import type {HeadChanges} from './outgoing-head.js';
import {targetOf} from './target.js';

/** What the options of a route change about every head. */
export function headChanges(backend: Backend, asked: ProxyOptions): HeadChanges {
	const {headers = {}, changeOrigin, auth, ws, rewriteWsOrigin} = asked;
	const {href} = targetOf(backend);
	const fields = new Map(
		Object.entries(headers).map(([name, value]) => [
			name.toLowerCase(),
			{name, values: [value].flat().map(String)},
		]),
	);
	if (changeOrigin) {
		// Not by http-proxy, which forgets the brackets of an IPv6 address, and its port.
		fields.set('host', {name: 'Host', values: [new URL(href).host]});
	}
	return {
		pathFor: pathsFor(backend, asked),
		fields,
		authorization: auth === undefined ? undefined : `Basic ${Buffer.from(auth).toString('base64')}`,
		upgrades: ws !== false,
		webSocketOrigin: rewriteWsOrigin ? href : undefined,
	};
}

/** What is left of a path, which has the base of the backend before it. */
function pathsFor({base}: Backend, asked: ProxyOptions): HeadChanges['pathFor'] {
	const kept = asked.prependPath === false ? '' : base;
	if (asked.ignorePath) {
		return () => kept || '/';
	}
	return kept === base ? path => path : path => path.slice(base.length);
}
