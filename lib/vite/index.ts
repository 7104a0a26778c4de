import {Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {trustHint} from '../cli/trust-hint.js';
import type {Routes, ServeOptions} from '../config/options.js';
import type {Tunnel} from '../serve.js';
import {allowedHosts} from './allowed-hosts.js';
import type {Front} from './front.js';
import type {AnyServer, SealportPlugin} from './types.js';

export type {SealportPlugin} from './types.js';

/** What `serve` takes. Vite is the route `/`; others may stand beside it: `{'/api': 4000}`. */
export interface SealportOptions extends Omit<ServeOptions, 'routes'> {
	readonly routes?: Exclude<Routes, number | string> | undefined;
}

/**
 * Plugin for Vite 5 and later: Sealport stands in front of its dev server and of `vite preview`, from when
 * they listen until they close. Its URL comes first among Vite's own, and is what `--open` opens. When
 * Sealport cannot start, Vite says why and goes on without it. A build is left alone.
 *
 * @param options the port is 62893 by default, or one of the next when it is taken
 */
export default function sealport(options: SealportOptions = {}): SealportPlugin {
	return {
		name: 'sealport',
		apply: 'serve',
		config(config) {
			const hosts = allowedHosts(options);
			const added = (given: readonly string[] | true | undefined) =>
				given !== true && hosts.length > 0;
			return {
				...(added(config.server?.allowedHosts) && {server: {allowedHosts: hosts}}),
				...(added(config.preview?.allowedHosts) && {preview: {allowedHosts: hosts}}),
			};
		},
		configureServer(server) {
			const ready = standBefore(server, options);
			if (ready === undefined) {
				return;
			}
			const {listen, openBrowser} = server;
			server.listen = async (...args) => {
				const result = await listen.apply(server, args);
				addUrl(server, await ready());
				return result;
			};
			server.openBrowser = () =>
				void ready().then(tunnel => {
					addUrl(server, tunnel);
					openBrowser.call(server);
				});
		},
		configurePreviewServer(server) {
			const ready = standBefore(server, options);
			if (ready === undefined) {
				return;
			}
			const {printUrls} = server;
			server.printUrls = () =>
				void ready().then(tunnel => {
					addUrl(server, tunnel);
					printUrls.call(server);
				});
		},
	};
}

/**
 * Starts the tunnel when the server listens, and closes it with the server.
 *
 * @returns what waits for the tunnel; nothing for a server that Sealport cannot stand in front of
 */
function standBefore(
	server: AnyServer,
	options: SealportOptions,
): (() => Promise<Tunnel | undefined>) | undefined {
	const {httpServer, config} = server;
	if (process.env.VITEST !== undefined) {
		return undefined;
	}
	if (!(httpServer instanceof Server)) {
		const why = httpServer === null ? 'Vite is part of another server' : 'Vite serves HTTPS itself';
		config.logger.warn(`sealport: not started, since ${why}`);
		return undefined;
	}
	let opening: Promise<Front> | undefined;
	httpServer.once('listening', () => {
		const backend = backendOf(httpServer.address() as AddressInfo);
		const wanted = {...options, routes: withBackend(options.routes, backend)};
		// Not before: a build reads this module, too.
		opening = import('./front.js').then(({openFront}) =>
			openFront(wanted, config.root, config.logger),
		);
		void opening.then(front => front.ready).then(tunnel => tunnel && attend(server, tunnel));
	});
	httpServer.once('close', () => void opening?.then(front => front.close()));
	return async () => (await opening)?.ready;
}

function attend(server: AnyServer, tunnel: Tunnel): void {
	const {server: settings, logger} = server.config;
	// Vite puts it before the addresses of what pages load by script or style.
	settings.origin ??= tunnel.url;
	for (const warning of tunnel.warnings) {
		logger.warn(`sealport: ${warning}`);
	}
	tunnel.once('distrust', () => {
		const trust = tunnel.caFile === undefined ? undefined : trustHint(tunnel.caFile);
		logger.warn(
			`sealport: a client does not trust the certificate${trust === undefined ? '' : `: ${trust}`}`,
		);
	});
}

function addUrl({resolvedUrls, config}: AnyServer, tunnel: Tunnel | undefined): void {
	const url = tunnel === undefined ? undefined : new URL(config.base, tunnel.url).href;
	if (url !== undefined && resolvedUrls !== null && !resolvedUrls.local.includes(url)) {
		resolvedUrls.local.unshift(url);
	}
}

/** Loopback and all addresses are reached by the port alone. */
function backendOf({address, family, port}: AddressInfo): number | string {
	if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(address)) {
		return port;
	}
	return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}

function withBackend(routes: SealportOptions['routes'], backend: number | string): Routes {
	return Array.isArray(routes) ? [...routes, {match: '/', backend}] : {...routes, '/': backend};
}
