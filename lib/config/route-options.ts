import {proxyOptions, refusedOptions} from '../forward/message/options.js';
import {type PathRewrite, rewriterOf} from '../forward/message/path-rewrite.js';
import type {ProxyOptions} from '../forward/seams.js';
import {listOf} from './access.js';
import {inWords} from './in-words.js';
import type {Problems} from './problems.js';
import {type Kind, knownNames, rules, yesOrNo} from './shape.js';

/** What a route has beside what it matches, its backend, and what http-proxy is to do. */
const ownKinds: Readonly<
	Record<'stripPrefix' | 'rewrite' | 'pathRewrite' | 'allow' | 'deny', Kind>
> = {
	allow: rules,
	deny: rules,
	stripPrefix: yesOrNo,
	rewrite: {
		what: 'a function',
		fits: value => typeof value === 'function',
		hint: 'such as path => path.replace(/^\\/api/, ""), or stripPrefix: true',
	},
	pathRewrite: {
		what: 'a function, or an object from regular expressions to text',
		fits: value =>
			typeof value === 'function' ||
			(typeof value === 'object' &&
				value !== null &&
				!Array.isArray(value) &&
				Object.values(value).every(each => typeof each === 'string')),
		hint: 'such as {"^/api": ""}',
	},
};

const addressNames = ['match', 'context', 'backend', 'target'];
const knownOptions = [...addressNames, ...Object.keys(ownKinds), ...Object.keys(proxyOptions)];

/** What a route is to do beside leading somewhere. */
export interface RouteExtras {
	readonly stripPrefix: boolean;
	readonly rewrite: ((path: string) => string) | undefined;
	readonly proxy: ProxyOptions | undefined;
	readonly allow: readonly string[];
	readonly deny: readonly string[];
}

/**
 * Reads the options of a route, those of http-proxy by their own names.
 *
 * @param where what the route is called: `routes[2]`
 */
export function readExtras(route: object, where: string, problems: Problems): RouteExtras {
	const own: {
		stripPrefix?: boolean;
		rewrite?: (path: string) => string;
		pathRewrite?: PathRewrite;
		allow?: string | readonly string[];
		deny?: string | readonly string[];
	} = {};
	const proxy: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(route)) {
		if (value === undefined || addressNames.includes(name)) {
			continue;
		}
		const path = `${where}.${name}`;
		const reason = refusedOptions.get(name);
		const ownKind = Object.hasOwn(ownKinds, name) ? ownKinds[name as keyof typeof ownKinds] : null;
		const rule = Object.hasOwn(proxyOptions, name)
			? proxyOptions[name as keyof ProxyOptions]
			: undefined;
		if (reason !== undefined) {
			problems.add(path, `Sealport cannot do this, got ${inWords(value, name)}`, reason);
		} else if (ownKind !== null) {
			if (ownKind.fits(value)) {
				Object.assign(own, {[name]: value});
			} else {
				problems.add(path, `expected ${ownKind.what}, got ${inWords(value, name)}`, ownKind.hint);
			}
		} else if (rule === undefined) {
			const hint = knownNames(name, knownOptions);
			problems.add(path, `there is no such option, got ${inWords(value, name)}`, hint);
		} else if (rule.accepts(value)) {
			proxy[name] = value;
		} else {
			const hint = 'it has the name and the meaning that it has for http-proxy';
			problems.add(path, `expected ${rule.expected}, got ${inWords(value, name)}`, hint);
		}
	}
	const {stripPrefix = false, rewrite, pathRewrite} = own;
	if (rewrite !== undefined && pathRewrite !== undefined) {
		problems.add(
			`${where}.pathRewrite`,
			`there is a rewrite beside it, got ${inWords(pathRewrite)}`,
			'leave one of the two out',
		);
	}
	return {
		stripPrefix,
		rewrite: rewrite ?? readRewrite(pathRewrite, `${where}.pathRewrite`, problems),
		allow: listOf(own.allow),
		deny: listOf(own.deny),
		proxy: Object.keys(proxy).length === 0 ? undefined : proxy,
	};
}

function readRewrite(
	pathRewrite: PathRewrite | undefined,
	path: string,
	problems: Problems,
): ((path: string) => string) | undefined {
	if (pathRewrite === undefined) {
		return undefined;
	}
	try {
		return rewriterOf(pathRewrite);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		problems.add(path, `${why}, got ${inWords(pathRewrite)}`, 'such as {"^/api": ""}');
		return undefined;
	}
}
