import {readFile} from 'node:fs/promises';
import {parsePort} from '../backend/address.js';
import {reasonOf, UserError} from '../errors.js';
import type {ServeOptions} from '../index.js';
import {isWithin} from '../pki/constraints.js';
import {isHostName, parseName} from '../pki/names.js';
import type {Flags} from './flags.js';

/** What local-ssl-proxy takes where nothing is said. */
const defaults = {source: 9001, target: 9000, hostname: 'localhost'};

/**
 * The proxies that local-ssl-proxy would start for these flags, or for its configuration file: one
 * proxy with `source`, `target`, `hostname`, `cert` and `key`, or an object of such proxies by name.
 *
 * @param common what the other flags ask for
 * @param notice told of what is passed over, as local-ssl-proxy does without a word
 * @throws UserError `option-invalid`, `config-unreadable` or `config-invalid`
 */
export async function oldProxies(
	flags: Flags,
	common: Omit<ServeOptions, 'routes'>,
	notice: (warning: string) => void,
): Promise<ServeOptions[]> {
	const {config, source, target, hostname} = flags;
	if (config === undefined) {
		return [toOptions({source, target, hostname}, common, name => name)];
	}
	const proxies = await readConfig(config);
	const options = proxies.map(({where, proxy}) => {
		const unknown = Object.keys(proxy).filter(field => !fields.includes(field));
		for (const field of unknown) {
			notice(`${where(field)}: passed over, known are ${fields.join(', ')}`);
		}
		return toOptions(proxy, common, where);
	});
	refuseSharedPort(options, proxies);
	return options;
}

function refuseSharedPort(options: readonly ServeOptions[], proxies: readonly Entry[]): void {
	const ports = options.map(({port}) => port);
	const second = ports.findIndex((port, index) => port !== 0 && ports.indexOf(port) < index);
	const one = proxies[ports.indexOf(ports[second])];
	const other = proxies[second];
	if (one !== undefined && other !== undefined) {
		throw new UserError(
			'config-invalid',
			`${other.where('source')}: ${ports[second]} is the port of ${one.where('source')}, too`,
			{hint: 'give each proxy a source of its own in the file'},
		);
	}
}

interface OldProxy {
	readonly source?: unknown;
	readonly target?: unknown;
	readonly hostname?: unknown;
	readonly cert?: unknown;
	readonly key?: unknown;
}

const form = 'expected {"my app": {"source": 9001, "target": 9000}}';
const fields = ['source', 'target', 'hostname', 'cert', 'key'];

function toOptions(
	proxy: OldProxy,
	common: Omit<ServeOptions, 'routes'>,
	where: (field: string) => string,
): ServeOptions {
	const text = (field: 'hostname' | 'cert' | 'key'): string | undefined => {
		const value = proxy[field];
		if (value !== undefined && typeof value !== 'string') {
			throw new UserError(
				'config-invalid',
				`${where(field)}: expected text, got ${JSON.stringify(value)}`,
				{hint: 'put it in double quotes'},
			);
		}
		return value;
	};
	const port = (field: 'source' | 'target', lowest: 0 | 1) =>
		parsePort(String(proxy[field] ?? defaults[field]), where(field), lowest);
	const host = text('hostname') ?? defaults.hostname;
	return {
		...common,
		routes: `${host.includes(':') ? `[${host}]` : host}:${port('target', 1)}`,
		port:
			proxy.source === undefined && common.port !== undefined
				? parsePort(common.port, 'port', 0)
				: port('source', 0),
		names: isLocalName(host) ? [...(common.names ?? []), host] : common.names,
		cert: text('cert') ?? common.cert,
		key: text('key') ?? common.key,
	};
}

/** local-ssl-proxy uses the backend's host in the URL, too; here that takes a certificate for it. */
function isLocalName(host: string): boolean {
	const name = host.toLowerCase();
	return name !== defaults.hostname && isHostName(name) && isWithin(parseName(name));
}

interface Entry {
	readonly proxy: OldProxy;
	/** What a field of it is called, for an error's text. */
	where(field: string): string;
}

async function readConfig(config: string): Promise<Entry[]> {
	let text: string;
	try {
		text = await readFile(config, 'utf8');
	} catch (error) {
		throw new UserError('config-unreadable', `config: cannot read ${config}: ${reasonOf(error)}`, {
			hint: 'check the path and its permissions',
			cause: error,
		});
	}
	let content: unknown;
	try {
		content = JSON.parse(text);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new UserError('config-invalid', `config: ${config} is not JSON: ${why}`, {
			hint: form,
			cause: error,
		});
	}
	if (!isObject(content) || Object.keys(content).length === 0) {
		throw new UserError('config-invalid', `config: ${config} names no proxies`, {hint: form});
	}
	if (Object.keys(content).some(field => fields.includes(field) && !isObject(content[field]))) {
		return [{proxy: content, where: field => `${config}: ${field}`}];
	}
	return Object.entries(content).map(([name, proxy]) => {
		const of = `${config}: ${JSON.stringify(name)}`;
		if (!isObject(proxy)) {
			const value = JSON.stringify(proxy);
			throw new UserError('config-invalid', `${of}: expected an object, got ${value}`, {
				hint: form,
			});
		}
		return {proxy, where: field => `${of}.${field}`};
	});
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
