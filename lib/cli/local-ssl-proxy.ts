import {readFile} from 'node:fs/promises';
import {parsePort} from '../backend/address.js';
import {systemCode, UserError} from '../errors.js';
import type {ServeOptions} from '../index.js';
import type {Flags} from './flags.js';

/** What local-ssl-proxy takes where nothing is said. */
const defaults = {source: 9001, target: 9000, hostname: 'localhost'};

/** Whether a flag is there that only local-ssl-proxy has. */
export function asksForOldWays({source, target, hostname, config}: Flags): boolean {
	return [source, target, hostname, config].some(value => value !== undefined);
}

/**
 * The proxies that local-ssl-proxy would start for these flags, or for its configuration file: an
 * object of proxies by name, each with `source`, `target`, `hostname`, `cert` and `key`.
 *
 * @param common what the other flags ask for
 * @throws UserError `option-invalid`, `config-unreadable` or `config-invalid`
 */
export async function oldProxies(
	flags: Flags,
	common: Omit<ServeOptions, 'routes'>,
): Promise<ServeOptions[]> {
	const {config, source, target, hostname} = flags;
	if (config === undefined) {
		return [toOptions({source, target, hostname}, common, name => name)];
	}
	const entries = await readConfig(config);
	return entries.map(([name, proxy]) =>
		toOptions(proxy, common, field => `${config}: ${JSON.stringify(name)}.${field}`),
	);
}

interface OldProxy {
	readonly source?: unknown;
	readonly target?: unknown;
	readonly hostname?: unknown;
	readonly cert?: unknown;
	readonly key?: unknown;
}

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
			);
		}
		return value;
	};
	const port = (field: 'source' | 'target') =>
		parsePort(String(proxy[field] ?? defaults[field]), where(field));
	const host = text('hostname') ?? defaults.hostname;
	const name = host.includes(':') ? `[${host}]` : host;
	return {
		...common,
		routes: `${name}:${port('target')}`,
		port: proxy.source === undefined ? (common.port ?? defaults.source) : port('source'),
		cert: text('cert') ?? common.cert,
		key: text('key') ?? common.key,
	};
}

async function readConfig(config: string): Promise<Array<[string, OldProxy]>> {
	let text: string;
	try {
		text = await readFile(config, 'utf8');
	} catch (error) {
		const why = systemCode(error) === 'ENOENT' ? 'there is no such file' : systemCode(error);
		throw new UserError('config-unreadable', `cannot read ${config}: ${why}`, {
			hint: 'check the path after --config',
			cause: error,
		});
	}
	let content: unknown;
	try {
		content = JSON.parse(text);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new UserError('config-invalid', `${config} is not JSON: ${why}`, {cause: error});
	}
	const entries = isObject(content) ? Object.entries(content) : [];
	if (entries.length === 0) {
		throw new UserError('config-invalid', `${config} names no proxies`, {
			hint: 'expected {"my app": {"source": 9001, "target": 9000}}',
		});
	}
	return entries.map(([name, proxy]) => [
		name,
		checkFields(proxy, `${config}: ${JSON.stringify(name)}`),
	]);
}

function checkFields(proxy: unknown, where: string): OldProxy {
	if (!isObject(proxy)) {
		throw new UserError(
			'config-invalid',
			`${where}: expected an object, got ${JSON.stringify(proxy)}`,
		);
	}
	const unknown = Object.keys(proxy).find(field => !fields.includes(field));
	if (unknown !== undefined) {
		throw new UserError('config-invalid', `${where}: unknown field ${JSON.stringify(unknown)}`, {
			hint: `known are ${fields.join(', ')}`,
		});
	}
	return proxy;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
