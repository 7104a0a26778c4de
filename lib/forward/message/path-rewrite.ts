/** As http-proxy-middleware and webpack-dev-server have it. */
export type PathRewrite = Readonly<Record<string, string>> | ((path: string) => string);

/**
 * Makes a `pathRewrite` into what changes a path, query included. Of an object, the first regular expression
 * that matches decides.
 *
 * @throws SyntaxError for a key that is no regular expression
 */
export function rewriterOf(pathRewrite: PathRewrite): (path: string) => string {
	if (typeof pathRewrite === 'function') {
		return pathRewrite;
	}
	const rules = Object.entries(pathRewrite).map(
		([pattern, replacement]) => [new RegExp(pattern), replacement] as const,
	);
	return path => {
		const rule = rules.find(([pattern]) => pattern.test(path));
		return rule === undefined ? path : path.replace(rule[0], rule[1]);
	};
}
