import {isIP} from 'node:net';
import {isDeepStrictEqual} from 'node:util';
import {exposedNames, isWildcard} from './access/exposure/own-addresses.js';
import {type ServedNames, servedNames} from './access/names.js';
import {type Access, unrestricted} from './access/unrestricted.js';
import {isOpen} from './config/access.js';
import type {Settings} from './config/options.js';
import type {Backend, Policy, Router, Snapshot} from './forward/seams.js';
import {type Certificates, openCertificates} from './pki/certificates.js';
import type {CertificateChoice} from './pki/choice.js';
import type {OpenedClientAuthority} from './pki/client-authority.js';
import {isWithin} from './pki/constraints.js';
import {parseName} from './pki/names.js';
import {matchOthers} from './routing/others.js';
import {compileRoutes} from './routing/table.js';

/** Everything that a reload replaces, in one piece. */
export interface Compiled {
	readonly settings: Settings;
	readonly snapshot: Snapshot;
	readonly names: ServedNames;
	readonly certificates: Certificates;
	readonly access: Access;
	/** Who has to have signed the certificates of clients; `undefined` where they are not asked for one. */
	readonly clients: OpenedClientAuthority | undefined;
	readonly served: Served;
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
	const served = servedBy(settings);
	const clients = await openClients(settings);
	const opened =
		previous !== undefined &&
		clients?.id === previous.clients?.id &&
		isDeepStrictEqual(served, previous.served) &&
		isDeepStrictEqual(settings.certificate, previous.settings.certificate) &&
		isMadeHere(settings)
			? {certificates: previous.certificates, names: previous.names}
			: await openNames(settings, served, clients);
	const giveUp = () =>
		opened.certificates === previous?.certificates || opened.certificates.close();
	const access = await openRestrictions(settings, opened.names, clients, previous).catch(
		(error: unknown) => {
			giveUp();
			throw error;
		},
	);
	const router = await openRoutes(settings, previous?.snapshot.router, words, access.routes).catch(
		(error: unknown) => {
			access.close();
			giveUp();
			throw error;
		},
	);
	const {names} = opened;
	const snapshot = {router, names, policies: access.policies};
	return {settings, snapshot, words, access, clients, served, ...opened};
}

/**
 * Checks who may connect as `compile` does, and makes nothing: neither a certificate store nor a socket.
 *
 * @throws UserError as `compile` would
 */
export async function checkRestrictions(settings: Settings): Promise<void> {
	const {access, certificate} = settings;
	// The local authority is made at the first start.
	if (access.mtls?.ca !== undefined || certificate.kind !== 'authority') {
		await openClients(settings);
	}
	if (!isOpen(access)) {
		const {checkAccess} = await import('./access/open.js');
		await checkAccess(access);
	}
}

async function openClients({
	access: {mtls},
	certificate,
}: Settings): Promise<OpenedClientAuthority | undefined> {
	if (mtls === undefined) {
		return undefined;
	}
	const {openClientAuthority} = await import('./pki/client-authority.js');
	return openClientAuthority(mtls.ca, certificate);
}

/** Where everybody on this machine may connect, nothing of it is loaded. */
async function openRestrictions(
	{access}: Settings,
	names: ServedNames,
	clients: OpenedClientAuthority | undefined,
	previous: Compiled | undefined,
): Promise<Access> {
	if (isOpen(access)) {
		return unrestricted;
	}
	const {openAccess} = await import('./access/open.js');
	return openAccess(access, names, clients?.id, previous?.access ?? unrestricted);
}

/** http-proxy is loaded for routes that have options of it, and for no others. */
async function openRoutes(
	{routes: asked, lane}: Settings,
	previous: Router | undefined,
	words: Compiled['words'],
	policies: ReadonlyArray<readonly Policy[]>,
): Promise<Router> {
	const routes = asked.map((route, index) => ({
		...route,
		policies: policies[index] ?? [],
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
	/** By what else it is reached from elsewhere. */
	readonly exposed: readonly string[];
}

function servedBy({host, names, routes}: Settings): Served {
	const own = host === 'loopback' || isWildcard(host) ? [] : [host];
	const routed = new Set(routes.flatMap(({match}) => match.host ?? []));
	return {
		names: [...new Set([...names, ...own])],
		routed: [...routed],
		exposed: exposedNames(host),
	};
}

/** Whether what is served is no longer what it was: this machine has other addresses than before. */
export function isOutdated({settings, served}: Compiled): boolean {
	// A certificate that signs itself would have to be trusted anew.
	return (
		settings.certificate.kind !== 'self-signed' &&
		isWildcard(settings.host) &&
		!isDeepStrictEqual(served, servedBy(settings))
	);
}

async function openNames(
	{certificate}: Settings,
	served: Served,
	clients: OpenedClientAuthority | undefined,
) {
	let certificates: Certificates | undefined;
	const all = [...served.names, ...served.exposed, ...served.routed];
	const names = servedNames(all, name => certificates?.vouchesFor(name) ?? false);
	// Clients send no server name for an address: it has to be in the leaf that they all get.
	const addresses = served.routed.filter(isIP);
	const exposed = served.exposed.filter(name => !isBeyond(certificate, name));
	const unnamed = new Set([
		...['localhost', '127.0.0.1', '::1'],
		...[...served.names, ...exposed, ...addresses],
	]);
	const further = served.routed
		.filter(name => !unnamed.has(name))
		.filter(name => !name.startsWith('*.') || certificate.kind === 'authority')
		.map(name => name.replace(/^\*\./, ''));
	certificates = await openCertificates(
		certificate,
		[...unnamed],
		names.serves,
		Date.now,
		further,
		clients,
	);
	return {certificates, names};
}

/** The addresses by which it is reached, but that the authority may not vouch for. */
export function unvouched({settings, served}: Compiled): readonly string[] {
	return served.exposed.filter(name => isBeyond(settings.certificate, name));
}

/** Names that were asked for are refused in such a case. */
function isBeyond({kind}: CertificateChoice, name: string): boolean {
	return kind === 'authority' && isIP(name) !== 0 && !isWithin(parseName(name));
}
