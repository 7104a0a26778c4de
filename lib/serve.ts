import {EventEmitter} from 'node:events';
import {isIPv6} from 'node:net';
import {servedNames} from './access/names.js';
import {createDialer} from './backend/dial.js';
import {type ServeOptions, type Settings, validate} from './config/options.js';
import type {Lane} from './forward/lane.js';
import type {Limits} from './forward/limits.js';
import type {Dialer, ExchangeReport, Snapshot} from './forward/seams.js';
import {createWireLane} from './forward/wire/lane.js';
import {type Distrust, type Handshake, type Listener, openListener} from './listener/listener.js';
import {type Certificates, openCertificates} from './pki/certificates.js';
import {routeAll} from './routing/table.js';

/** What a tunnel tells who listens. */
export interface TunnelEvents {
	/** A client has connected and agreed on TLS. */
	handshake: [handshake: Handshake];
	/** A client has broken off because it does not accept the certificate. */
	distrust: [distrust: Distrust];
	/** A request has been answered, or has failed. */
	exchange: [report: ExchangeReport];
	/** The tunnel is closed. */
	close: [];
}

/** A running listener and all that stands behind it. */
export interface Tunnel extends EventEmitter<TunnelEvents>, AsyncDisposable {
	/** Where clients reach it: `https://localhost:62893`. */
	readonly url: string;
	/** PEM of the certificate that clients are to trust; `undefined` with your own certificate. */
	readonly ca: string | undefined;
	/** The file that holds `ca`. */
	readonly caFile: string | undefined;
	/** The addresses that it listens on. */
	readonly addresses: readonly string[];
	readonly port: number;
	readonly routes: ReadonlyArray<{readonly match: string; readonly backend: string}>;
	/** What a person should know, such as a certificate about to expire. */
	readonly warnings: readonly string[];
	/**
	 * Drains: stops accepting, lets what runs finish, then cuts what is left.
	 *
	 * @param grace how long to wait for that, in milliseconds; 10,000 by default, 0 cuts at once
	 */
	close(grace?: number): Promise<void>;
}

/** Limits that are not for people to choose, in milliseconds. */
const limits = {connect: 10_000, drain: 10_000};

/**
 * Wraps a plaintext backend in HTTPS.
 *
 * @throws UserError with a code for whatever can be mended: options, files, a port that is taken; the
 * signal's reason when it has aborted by then
 */
export async function serve(options: ServeOptions): Promise<Tunnel> {
	const settings = validate(options);
	options.signal?.throwIfAborted();
	const events = new EventEmitter<TunnelEvents>();
	const {certificates, names} = await openNames(settings);
	const snapshot: Snapshot = {router: routeAll(settings.backend), policies: [names]};
	const lane = await openLane(settings, {
		snapshot: () => snapshot,
		dialer: createDialer({wait: settings.wait, connect: limits.connect}),
		report: report => events.emit('exchange', report),
	});
	const listener = await openListener({
		host: settings.host,
		port: settings.port,
		contexts: certificates,
		names,
		limits: settings.limits,
		onSecure: lane.accept,
		onHandshake(describe) {
			if (events.listenerCount('handshake') > 0) {
				events.emit('handshake', describe());
			}
		},
		onDistrust: distrust => events.emit('distrust', distrust),
	}).catch((error: unknown) => {
		lane.close();
		certificates.close();
		throw error;
	});
	const close = onceOnly(async (grace = limits.drain) => {
		options.signal?.removeEventListener('abort', abort);
		await drain(listener, lane, grace);
		certificates.close();
		events.emit('close');
	});
	const abort = () => void close();
	options.signal?.addEventListener('abort', abort);
	if (options.signal?.aborted) {
		// While all this was started, when nobody was listening for it yet.
		await close(0);
		options.signal.throwIfAborted();
	}
	const routes = snapshot.router.routes.map(({match, backend}) => ({
		match,
		backend: backend.label,
	}));
	return Object.assign(events, {
		url: urlOf(settings, certificates, listener.port),
		ca: certificates.ca,
		caFile: certificates.caFile,
		addresses: listener.addresses,
		port: listener.port,
		routes,
		warnings: [...certificates.warnings, ...uncovered(settings, certificates)],
		close,
		[Symbol.asyncDispose]: () => close(),
	});
}

/** What a lane needs of the others. */
interface LaneParts {
	readonly snapshot: () => Snapshot;
	readonly dialer: Dialer;
	readonly report: (report: ExchangeReport) => void;
}

async function openLane(settings: Settings, parts: LaneParts): Promise<Lane> {
	const {limits: bounds} = settings;
	if (settings.lane === 'message') {
		return openMessageLane(parts, bounds);
	}
	return createWireLane({...parts, limits: bounds});
}

async function openMessageLane(parts: LaneParts, bounds: Limits): Promise<Lane> {
	const {createConnections} = await import('./backend/reuse.js');
	const {createMessageLane} = await import('./forward/message/lane.js');
	const connections = createConnections(parts.dialer);
	const lane = createMessageLane({...parts, connections}, bounds);
	return {
		...lane,
		close() {
			lane.close();
			connections.close();
		},
	};
}

async function openNames({host, names, certificate}: Settings) {
	const exposed = ['loopback', '0.0.0.0', '::'].includes(host) ? [] : [host];
	const served = [...names, ...exposed];
	let certificates: Certificates | undefined;
	const policy = servedNames(served, name => certificates?.vouchesFor(name) ?? false);
	const all = [...new Set(['localhost', '127.0.0.1', '::1', ...served])];
	certificates = await openCertificates(certificate, all, policy.serves);
	return {certificates, names: policy};
}

function primaryName({host, names}: Settings, certificates: Certificates): string {
	const address = ['loopback', '0.0.0.0', '::'].includes(host) ? 'localhost' : host;
	return names[0] ?? certificates.preferredName ?? address;
}

/** Only a person's own certificate may lack a name that is served. */
function uncovered(settings: Settings, certificates: Certificates): string[] {
	const own = settings.certificate.kind === 'own' || settings.certificate.kind === 'pfx';
	return [primaryName(settings, certificates), ...settings.names]
		.filter((name, index, all) => own && all.indexOf(name) === index)
		.filter(name => !certificates.vouchesFor(name))
		.map(name => `the certificate does not cover ${name}: clients will refuse it there`);
}

function urlOf(settings: Settings, certificates: Certificates, port: number): string {
	const name = primaryName(settings, certificates);
	const text = isIPv6(name) ? `[${name}]` : name;
	return port === 443 ? `https://${text}` : `https://${text}:${port}`;
}

async function drain(listener: Listener, lane: Lane, grace: number): Promise<void> {
	listener.stop();
	lane.drain();
	let timer: NodeJS.Timeout | undefined;
	const patience = new Promise<void>(resolve => {
		timer = setTimeout(resolve, grace);
	});
	await Promise.race([listener.idle(), patience]);
	clearTimeout(timer);
	listener.close();
	lane.close();
	await listener.idle();
}

/** Whoever calls again waits for the first call's end. */
function onceOnly(act: (grace?: number) => Promise<void>): (grace?: number) => Promise<void> {
	let done: Promise<void> | undefined;
	return grace => {
		done ??= act(grace);
		return done;
	};
}
