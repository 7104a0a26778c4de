import {UserError} from '../errors.js';
import type {Backend} from '../forward/seams.js';

const forms =
	'a backend is a port such as 3000, host:port, http://host:port[/base], h2c://host:port[/base] or unix:/path/to.sock';

function refuse(where: string, text: string, why: string): never {
	throw new UserError('option-invalid', `${where}: ${why}, got ${JSON.stringify(text)}`, {
		hint: forms,
	});
}

/**
 * Reads a port number.
 *
 * @param text decimal digits
 * @param where what the value is called, for the error's text
 * @param lowest 1, or 0 where 0 stands for a free port
 * @throws UserError `option-invalid`
 */
export function parsePort(text: string | number, where: string, lowest: 0 | 1 = 1): number {
	const port = /^\d{1,5}$/.test(String(text)) ? Number(text) : Number.NaN;
	if (!(port >= lowest && port <= 65_535)) {
		throw new UserError(
			'option-invalid',
			`${where}: expected a port from ${lowest} to 65535, got ${JSON.stringify(String(text))}`,
			{
				hint:
					lowest === 0
						? '0 takes a free port'
						: 'take the one your dev server prints, such as 3000',
			},
		);
	}
	return port;
}

/**
 * Reads a backend as people write it: `3000`, `host:port`, `http://host:port[/base]`,
 * `h2c://host:port[/base]` or `unix:/path/to.sock`.
 *
 * @param input the text, or a port number
 * @param where what the value is called, for the error's text
 * @throws UserError `option-invalid`
 */
export function parseBackend(input: string | number, where = 'backend'): Backend {
	const text = String(input).trim();
	if (text === '') {
		refuse(where, text, 'expected a backend');
	}
	if (/^-?\d+$/.test(text)) {
		return tcp('http://', 'localhost', parsePort(text, where), '');
	}
	if (text.startsWith('unix:')) {
		const path = text.slice('unix:'.length).replace(/^\/\/(?=\/)/, '');
		if (path === '') {
			refuse(where, text, 'expected a path after "unix:"');
		}
		return Object.freeze({
			kind: 'unix',
			protocol: 'http/1.1',
			path,
			base: '',
			label: `unix:${path}`,
		});
	}
	if (/^(https|wss|h2):/i.test(text)) {
		refuse(where, text, 'expected a plaintext backend, since Sealport is what adds TLS');
	}
	return fromUrl(text, where);
}

function fromUrl(text: string, where: string): Backend {
	const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(text)?.[0].toLowerCase();
	const known = schemeOf(scheme ?? 'http://');
	if (known === undefined) {
		refuse(where, text, `expected the scheme http:// or h2c://, found ${scheme}`);
	}
	let url: URL;
	try {
		// What has another scheme is not taken apart: its host would not be made lower case, either.
		url = new URL(`http://${text.slice(scheme?.length ?? 0)}`);
	} catch (error) {
		const port = /:(\d+)(\/|$)/.exec(text)?.[1];
		if (port !== undefined) {
			parsePort(port, where);
		}
		throw new UserError('option-invalid', `${where}: not a backend, got ${JSON.stringify(text)}`, {
			hint: forms,
			cause: error,
		});
	}
	if (scheme === undefined && url.port === '' && !/:80(\/|$)/.test(text)) {
		refuse(where, text, 'expected a port after the host');
	}
	if (url.username !== '' || url.password !== '') {
		refuse(
			where,
			text.replace(/^((?:http|h2c):\/\/)?.*@/i, '$1…@'),
			'user and password do not belong in a backend',
		);
	}
	if (url.search !== '' || url.hash !== '') {
		refuse(where, text, 'expected no query and no fragment');
	}
	const port = parsePort(url.port === '' ? '80' : url.port, where);
	return tcp(known, url.hostname.replace(/^\[|\]$/g, ''), port, url.pathname.replace(/\/+$/, ''));
}

type Scheme = 'http://' | 'h2c://';

function schemeOf(text: string): Scheme | undefined {
	return text === 'http://' || text === 'h2c://' ? text : undefined;
}

function tcp(scheme: Scheme, host: string, port: number, base: string): Backend {
	const name = host.includes(':') ? `[${host}]` : host;
	const label = `${scheme}${name}:${port}${base}`;
	const protocol = scheme === 'h2c://' ? 'h2c' : 'http/1.1';
	return Object.freeze({kind: 'tcp', protocol, host, port, base, label});
}
