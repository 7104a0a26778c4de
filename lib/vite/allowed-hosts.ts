import type {SealportOptions} from './index.js';

/**
 * The host names that Vite is to answer to, as its `allowedHosts` has them: `.app.test` for all names
 * below `app.test`. `localhost` and addresses it allows anyway.
 */
export function allowedHosts({names = [], routes = {}}: SealportOptions): string[] {
	const matches = Array.isArray(routes)
		? routes.flatMap(({match = []}) => match)
		: Object.keys(routes);
	const hosts = matches
		.map(match => match.split('/')[0] ?? '')
		.filter(host => /^[\w*.-]+$/.test(host));
	return [...new Set([...names, ...hosts].map(name => name.replace(/^\*/, '').toLowerCase()))];
}
