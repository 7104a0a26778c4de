import {isIP} from 'node:net';
import {isDeepStrictEqual} from 'node:util';
import {servedNames} from './access/names.js';
import type {Settings} from './config/options.js';
import type {Backend, NamePolicy, Router, Snapshot} from './forward/seams.js';
import {type Certificates, openCertificates} from './pki/certificates.js';
import {matchOthers} from './routing/others.js';
import {compileRoutes} from './routing/table.js';

/** Everything that a reload replaces, in one piece. */
export interface Compiled {
	readonly settings: Settings;
	readonly snapshot: Snapshot;
	readonly names: NamePolicy;
	readonly certificates: Certificates;
	/** What backends tell last words by; those that stay have it in common, so it changes with the swap only. */
	readonly words: {of: Settings['lastWords']};
}

/**
 * Compiles settings into what connections and exchanges go by.
 *
 * @param previous what is in force: of it, certificates are kept that would be the same, and backends that
 * are still there
 * @throws UserError whatever is wrong with the certificates
 */
export async function compile(settings: Settings, previous?: Compiled): Promise<Compiled> {
	const words = previous?.words ?? {of: settings.lastWords};
	const router = await openRoutes(settings, previous?.snapshot.router, words);
	const served = servedBy(settings);
	const opened =
		previous !== undefined &&
		isDeepStrictEqual(served, servedBy(previous.settings)) &&
		isDeepStrictEqual(settings.certificate, previous.settings.certificate) &&
		isMadeHere(settings)
			? {certificates: previous.certificates, names: previous.names}
			: await openNames(settings, served);
	return {settings, snapshot: {router, policies: [opened.names]}, words, ...opened};
}

/** http-proxy is loaded for routes that have options of it, and for no others. */
async function openRoutes(
	{routes: asked, lane}: Settings,
	previous: Router | undefined,
	words: Compiled['words'],
): Promise<Router> {
	const routes = asked.map(route => ({
		...route,
		backend: withLastWords(route.backend, words),
		proxy: route.proxy ?? (lane === 'message' ? {} : undefined),
	}));
	const router = compileRoutes(routes, previous);
	if (routes.some(({proxy}) => proxy !== undefined)) {
		const {setUpRoute} = await import('./forward/message/route.js');
		for (const [index, route] of router.routes.entries()) {
			if (route.proxy !== undefined) {
				setUpRoute(route, matchOthers(routes, router, index));
			}
		}
	}
	return router;
}

function withLastWords(backend: Backend, words: Compiled['words']): Backend {
	const said = () => {
		try {
			const text: unknown = words.of(backend.label);
			return typeof text === 'string' ? text : undefined;
		} catch {
			// Whoever is to be told of a failure is told of it without them.
			return undefined;
		}
	};
	return Object.freeze({...backend, lastWords: said});
}

/** A person's own files may be others than before under the same path. */
function isMadeHere({certificate: {kind}}: Settings): boolean {
	return kind === 'authority' || kind === 'self-signed';
}

/** What is served beside localhost. */
interface Served {
	/** Host names and addresses asked for, and the one listened on. */
	readonly names: readonly string[];
	/** Hosts of routes, wildcards among them. */
	readonly routed: readonly string[];
}

function servedBy({host, names, routes}: Settings): Served {
	const exposed = ['loopback', '0.0.0.0', '::'].includes(host) ? [] : [host];
	const routed = new Set(routes.flatMap(({match}) => match.host ?? []));
	return {names: [...new Set([...names, ...exposed])], routed: [...routed]};
}

async function openNames({certificate}: Settings, served: Served) {
	let certificates: Certificates | undefined;
	const all = [...served.names, ...served.routed];
	const names = servedNames(all, name => certificates?.vouchesFor(name) ?? false);
	// Clients send no server name for an address: it has to be in the leaf that they all get.
	const addresses = served.routed.filter(isIP);
	const unnamed = new Set(['localhost', '127.0.0.1', '::1', ...served.names, ...addresses]);
	const further = served.routed
		.filter(name => !unnamed.has(name))
		.filter(name => !name.startsWith('*.') || certificate.kind === 'authority')
		.map(name => name.replace(/^\*\./, ''));
	certificates = await openCertificates(certificate, [...unnamed], names.serves, Date.now, further);
	return {certificates, names};
}
