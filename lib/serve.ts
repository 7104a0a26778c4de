import {EventEmitter} from 'node:events';
import {isIPv6} from 'node:net';
import {isWildcard} from './access/exposure/own-addresses.js';
import {type Refusal, refusalOf} from './access/refusal.js';
import {createDialer} from './backend/dial.js';
import {isLoopback} from './config/access.js';
import {type Limits, limitNames} from './config/limits.js';
import {type ServeOptions, type Settings, validate} from './config/options.js';
import type {ProxyError} from './errors.js';
import type {Lane} from './forward/lane.js';
import type {Client, ExchangeReport} from './forward/seams.js';
import {createWireLane} from './forward/wire/lane.js';
import {type Distrust, type Handshake, type Listener, openListener} from './listener/listener.js';
import {Listeners, type Place} from './listener/listeners.js';
import type {Certificates} from './pki/certificates.js';
import {type Compiled, compile, isOutdated, unvouched} from './snapshot.js';

/** What a tunnel tells who listens. */
export interface TunnelEvents {
	/** A client has connected and agreed on TLS. */
	handshake: [handshake: Handshake];
	/** A client has broken off because it does not accept the certificate. */
	distrust: [distrust: Distrust];
	/** A request has been answered, or has failed. */
	exchange: [report: ExchangeReport];
	/** This machine has other addresses than before, and is reached at them. */
	addresses: [];
	/** A policy has refused a request, or a connection. */
	refusal: [refusal: Refusal];
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
	/** The address that lets a browser in where a token is asked for; `undefined` where none is. */
	readonly link: string | undefined;
	/** Who can reach what, in a sentence; `undefined` for everything on this machine. */
	readonly reach: string | undefined;
	/** How often each policy has refused. */
	readonly refusals: ReadonlyMap<string, number>;
	/**
	 * Takes other options without a pause: what runs goes on as it began, and a port that stays the same
	 * stays bound.
	 *
	 * @throws UserError as `serve`; everything is then as it was before
	 */
	reload(options: ServeOptions): Promise<void>;
	/**
	 * Drains: stops accepting, lets what runs finish, then cuts what is left.
	 *
	 * @param grace how long to wait for that, in milliseconds; 10,000 by default, 0 cuts at once
	 */
	close(grace?: number): Promise<void>;
}

/** Limits that are not for people to choose, in milliseconds. */
const limits = {connect: 10_000, drain: 10_000};

/** How often it is asked whether this machine has other addresses, in milliseconds. */
const addressInterval = 2_000;

/**
 * Wraps plaintext backends in HTTPS.
 *
 * @throws UserError with a code for whatever can be mended: options, files, a port that is taken; the
 * signal's reason when it has aborted by then
 */
export async function serve(options: ServeOptions): Promise<Tunnel> {
	const settings = validate(options);
	options.signal?.throwIfAborted();
	const tunnel = new RunningTunnel(await compile(settings));
	await tunnel.open();
	const abort = () => void tunnel.close();
	tunnel.once('close', () => options.signal?.removeEventListener('abort', abort));
	options.signal?.addEventListener('abort', abort);
	if (options.signal?.aborted) {
		// While all this was started, when nobody was listening for it yet.
		await tunnel.close(0);
		options.signal.throwIfAborted();
	}
	return tunnel;
}

class RunningTunnel extends EventEmitter<TunnelEvents> implements Tunnel {
	#compiled: Compiled;
	#lane: Lane | undefined;
	#listeners: Listeners | undefined;
	#reloading: Promise<unknown> = Promise.resolve();
	#closing: Promise<void> | undefined;
	#watch: NodeJS.Timeout | undefined;
	readonly #refusals = new Map<string, number>();

	constructor(compiled: Compiled) {
		super();
		this.#compiled = compiled;
	}

	get url(): string {
		return urlOf(this.#compiled, this.port);
	}

	get ca(): string | undefined {
		return this.#compiled.certificates.ca;
	}

	get caFile(): string | undefined {
		return this.#compiled.certificates.caFile;
	}

	get addresses(): readonly string[] {
		return this.#listeners?.current.addresses ?? [];
	}

	get port(): number {
		return this.#listeners?.current.port ?? this.#compiled.settings.port;
	}

	get routes(): Tunnel['routes'] {
		return this.#compiled.snapshot.router.routes.map(({match, backend}) => ({
			match,
			backend: backend.label,
		}));
	}

	get warnings(): readonly string[] {
		const {certificates} = this.#compiled;
		return [
			...certificates.warnings,
			...uncovered(this.#compiled),
			...beyondConstraints(this.#compiled),
			...this.#compiled.access.warnings,
		];
	}

	get link(): string | undefined {
		return this.#compiled.access.link?.(this.url);
	}

	get reach(): string | undefined {
		return this.#compiled.access.reach?.(this.addresses);
	}

	get refusals(): ReadonlyMap<string, number> {
		return this.#refusals;
	}

	async open(): Promise<void> {
		try {
			this.#lane = this.#openLane();
			this.#listeners = await Listeners.listen(
				place => this.#listen(place),
				this.#compiled.settings,
			);
			this.#followAddresses();
		} catch (error) {
			this.#lane?.close();
			this.#compiled.certificates.close();
			this.#compiled.access.close();
			throw error;
		}
	}

	reload(options: ServeOptions): Promise<void> {
		return this.#inTurn(() => this.#take(validate(options)));
	}

	close(grace = limits.drain): Promise<void> {
		this.#closing ??= this.#close(grace);
		return this.#closing;
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	#inTurn(act: () => Promise<void>): Promise<void> {
		const done = this.#reloading.then(act);
		this.#reloading = done.catch(() => {
			/* told to whoever asked for it */
		});
		return done;
	}

	/** Asks for the addresses of this machine from time to time: nothing tells when they change. */
	#followAddresses(): void {
		clearInterval(this.#watch);
		if (isWildcard(this.#compiled.settings.host)) {
			this.#watch = setInterval(() => {
				if (isOutdated(this.#compiled)) {
					this.#inTurn(() => this.#readdress()).catch(() => {
						// What was served before still is; the next time may do better.
					});
				}
			}, addressInterval);
			this.#watch.unref();
		}
	}

	async #readdress(): Promise<void> {
		if (this.#closing === undefined && isOutdated(this.#compiled)) {
			await this.#take(this.#compiled.settings);
			this.emit('addresses');
		}
	}

	async #take(settings: Settings): Promise<void> {
		const before = this.#compiled;
		const compiled = await compile(settings, before);
		const giveUp = () => {
			if (compiled.certificates !== before.certificates) {
				compiled.certificates.close();
			}
			compiled.access.close();
		};
		const place = await this.#listeners?.prepare(settings).catch((error: unknown) => {
			giveUp();
			throw error;
		});
		if (this.#closing !== undefined) {
			place?.revert();
			giveUp();
			return;
		}
		this.#compiled = compiled;
		compiled.words.of = settings.lastWords;
		this.#lane?.reloaded(asksMore(before, compiled));
		place?.commit();
		this.#followAddresses();
		before.access.close();
		if (compiled.certificates !== before.certificates) {
			before.certificates.close();
		}
	}

	async #close(grace: number): Promise<void> {
		clearInterval(this.#watch);
		await this.#reloading;
		this.#listeners?.stop();
		this.#lane?.drain();
		let timer: NodeJS.Timeout | undefined;
		const patience = new Promise<void>(resolve => {
			timer = setTimeout(resolve, grace);
		});
		await Promise.race([this.#listeners?.idle(), patience]);
		clearTimeout(timer);
		this.#listeners?.close();
		this.#lane?.close();
		await this.#listeners?.idle();
		this.#compiled.certificates.close();
		this.#compiled.access.close();
		this.emit('close');
	}

	#listen({host, port}: Place): Promise<Listener> {
		const compiled = () => this.#compiled;
		return openListener({
			host,
			port,
			contexts: {
				contextFor: name => compiled().certificates.contextFor(name),
				ready: name => compiled().certificates.ready?.(name),
				unnamed: () => compiled().certificates.unnamed(),
			},
			names: {
				serves: name => compiled().names.serves(name),
				admit: authority => compiled().names.admit(authority),
			},
			entrance: {
				admit: ends => compiled().access.entrance.admit(ends),
				identify: ends => compiled().access.entrance.identify(ends),
			},
			limits: this.#limits,
			onSecure: (socket, client) => this.#lane?.accept(socket, client),
			onRefusal: (refusal, client) => this.#refused(refusal, client),
			onHandshake: describe => {
				if (this.listenerCount('handshake') > 0) {
					this.emit('handshake', describe());
				}
			},
			onDistrust: distrust => this.emit('distrust', distrust),
		});
	}

	/** Those in force whenever they are asked for. */
	get #limits(): Limits {
		const compiled = () => this.#compiled;
		return Object.defineProperties(
			{},
			Object.fromEntries(
				limitNames.map(name => [name, {get: () => compiled().settings.limits[name]}]),
			),
		) as Limits;
	}

	#report(report: ExchangeReport): void {
		this.emit('exchange', report);
		if (report.failure?.policy !== undefined) {
			this.#refused(report.failure, report.client, report);
		}
	}

	#refused(error: ProxyError, client: Client, report?: ExchangeReport): void {
		const policy = error.policy ?? '';
		this.#refusals.set(policy, (this.#refusals.get(policy) ?? 0) + 1);
		if (this.listenerCount('refusal') > 0) {
			this.emit('refusal', refusalOf(error, client, report));
		}
	}

	#openLane(): Lane {
		const compiled = () => this.#compiled;
		const dialer = createDialer({
			get wait() {
				return compiled().settings.wait;
			},
			connect: limits.connect,
		});
		return createWireLane({
			snapshot: () => this.#compiled.snapshot,
			dialer,
			limits: this.#limits,
			report: (report: ExchangeReport) => this.#report(report),
		});
	}
}

/** Whether who is connected would have been asked for more, or would not have come this far. */
function asksMore({settings, access: before}: Compiled, after: Compiled): boolean {
	const {peers, certificate} = after.access.asks;
	return (
		(!isLoopback(settings.host) && settings.host !== after.settings.host) ||
		(peers && !before.asks.peers) ||
		(certificate !== undefined && certificate !== before.asks.certificate)
	);
}

function primaryName({host, names}: Settings, certificates: Certificates): string {
	const address = host === 'loopback' || isWildcard(host) ? 'localhost' : host;
	return names[0] ?? certificates.preferredName ?? address;
}

/** Only a person's own certificate may lack a name that is served. */
function uncovered({settings, certificates}: Compiled): string[] {
	const own = settings.certificate.kind === 'own' || settings.certificate.kind === 'pfx';
	return [primaryName(settings, certificates), ...settings.names]
		.filter((name, index, all) => own && all.indexOf(name) === index)
		.filter(name => !certificates.vouchesFor(name))
		.map(name => `the certificate does not cover ${name}: clients will refuse it there`);
}

/** In one line, since a machine may have many. */
function beyondConstraints(compiled: Compiled): string[] {
	const addresses = unvouched(compiled);
	return addresses.length === 0
		? []
		: [
				`the certificate is not for ${addresses.join(', ')}, which the local authority may not vouch for, since ${addresses.length === 1 ? 'it is no private address' : 'they are no private addresses'}: clients will refuse it there`,
			];
}

function urlOf({settings, certificates}: Compiled, port: number): string {
	const name = primaryName(settings, certificates);
	const text = isIPv6(name) ? `[${name}]` : name;
	return port === 443 ? `https://${text}` : `https://${text}:${port}`;
}
