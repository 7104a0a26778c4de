import {dirname, isAbsolute, resolve} from 'node:path';
import type {Config} from './define.js';
import {inWords} from './in-words.js';
import {type RouteOptions, readFields, type ServeOptions} from './options.js';
import type {Problems} from './problems.js';
import {type Kind, optionKinds, soundFields, yesOrNo} from './shape.js';
import {parseTarget} from './target.js';

const {signal: _signal, lastWords: _lastWords, ...serving} = optionKinds;

const text = (value: unknown) => typeof value === 'string';

/** What a file may have beside the options of `serve`. */
const ownKinds: Readonly<Record<Exclude<keyof Config, keyof ServeOptions>, Kind>> = {
	$schema: {what: 'text', fits: text, hint: 'it is for editors; leave it out'},
	backend: {
		what: 'a backend',
		fits: value => typeof value === 'string' || typeof value === 'number',
		hint: 'such as 3000, "localhost:3000" or "unix:/path/to.sock"',
	},
	open: yesOrNo,
	json: yesOrNo,
	quiet: yesOrNo,
	verbose: yesOrNo,
	command: {
		what: 'text or a list of texts',
		fits: value => text(value) || (Array.isArray(value) && value.length > 0 && value.every(text)),
		hint: 'such as "npm run dev", or ["node", "server.js"]',
	},
};

const kinds: Readonly<Record<string, Kind>> = {...serving, ...ownKinds};

/** The names of all that a file may have. */
export const fieldNames = Object.keys(kinds);

/** Checks what a file says, each field by itself; what is wrong is left out of what comes back. */
export function checkFile(content: unknown, problems: Problems): Config {
	if (typeof content !== 'object' || content === null || Array.isArray(content)) {
		const hint = 'such as {"routes": {"/": 3000}}';
		problems.add('config', `expected an object of options, got ${inWords(content)}`, hint);
		return {};
	}
	const sound: Config = soundFields(content, kinds, problems);
	const {backend} = sound;
	if (backend !== undefined) {
		problems.attempt('backend', () => parseTarget(backend, 'backend'));
	}
	const options = Object.entries(sound).filter(([name]) => Object.hasOwn(serving, name));
	readFields(Object.fromEntries(options), problems);
	return sound;
}

const pathNames = ['cert', 'key', 'pfx', 'certs', 'clientCa', 'tokenFile', 'authFile'] as const;

/** Takes paths of files as relative to the configuration file. */
export function withPaths(config: Config, file: string): Config {
	const from = dirname(file);
	const changed: {-readonly [Name in keyof Config]: Config[Name]} = {...config};
	for (const name of pathNames) {
		const path = config[name];
		if (path !== undefined) {
			changed[name] = resolve(from, path);
		}
	}
	const {backend, routes} = config;
	if (backend !== undefined) {
		changed.backend = socketFrom(from, backend);
	}
	if (typeof routes === 'string') {
		changed.routes = socketFrom(from, routes);
	} else if (Array.isArray(routes)) {
		changed.routes = (routes as readonly RouteOptions[]).map(route => routeFrom(from, route));
	} else if (typeof routes === 'object') {
		const each = Object.entries(routes as Record<string, number | string | RouteOptions>);
		changed.routes = Object.fromEntries(
			each.map(([match, route]) => [
				match,
				typeof route === 'object' ? routeFrom(from, route) : socketFrom(from, route),
			]),
		);
	}
	return changed;
}

function routeFrom(from: string, route: RouteOptions): RouteOptions {
	const name = route.backend === undefined ? 'target' : 'backend';
	const target = route[name];
	return typeof target === 'string' ? {...route, [name]: socketFrom(from, target)} : route;
}

function socketFrom<Target>(from: string, target: Target): Target | string {
	const path = typeof target === 'string' && /^unix:(?!\/\/)(.+)$/.exec(target)?.[1];
	return typeof path !== 'string' || isAbsolute(path) ? target : `unix:${resolve(from, path)}`;
}

const oldNames = ['source', 'target', 'hostname'];

/**
 * Whether it is what local-ssl-proxy takes: one proxy with `source` and `target`, or an object of such
 * proxies under any names.
 */
export function isOldFormat(content: unknown): boolean {
	if (typeof content !== 'object' || content === null || Array.isArray(content)) {
		return false;
	}
	const fields = Object.entries(content);
	const isObject = (value: unknown) => typeof value === 'object' && value !== null;
	const isProxy = fields.some(([name, value]) => oldNames.includes(name) && !isObject(value));
	const isNew = fields.some(([name]) => fieldNames.includes(name));
	return isProxy || (!isNew && fields.length > 0 && fields.every(([, value]) => isObject(value)));
}
