import type {IncomingMessage} from 'node:http';
import {createRequire} from 'node:module';
import util from 'node:util';
import type HttpProxy from 'http-proxy';
import {packageFile} from '../../package-file.js';

/** As much of a response as http-proxy's passes look at or change. */
export interface PassedResponse {
	statusCode: number | undefined;
	headers: IncomingMessage['headers'];
}

/** Takes the fields that a pass has made. */
export interface FieldSetter {
	setHeader(name: string, value: string | string[]): void;
}

type OutgoingPass = (
	request: {readonly headers: {readonly host: string}},
	response: FieldSetter,
	proxyResponse: PassedResponse,
	options: object,
) => void;

interface Parts {
	readonly createProxyServer: typeof HttpProxy.createProxyServer;
	readonly setRedirectHostRewrite: OutgoingPass;
	readonly writeHeaders: OutgoingPass;
}

/** What is used of http-proxy. */
export const httpProxy: Parts = load();

/**
 * http-proxy takes `util._extend` when it is loaded and calls it for every request, upon which Node
 * warns (DEP0060). `Object.assign` does the same and is what it finds in that place.
 */
function load(): Parts {
	const holder = util as {_extend?: unknown};
	const before = Object.getOwnPropertyDescriptor(util, '_extend');
	Object.defineProperty(holder, '_extend', {value: Object.assign, configurable: true});
	try {
		const require = createRequire(packageFile('package.json'));
		const {createProxyServer} = require('http-proxy') as typeof HttpProxy;
		const passes = require('http-proxy/lib/http-proxy/passes/web-outgoing.js') as Parts;
		const {setRedirectHostRewrite, writeHeaders} = passes;
		return {createProxyServer, setRedirectHostRewrite, writeHeaders};
	} finally {
		delete holder._extend;
		if (before !== undefined) {
			Object.defineProperty(holder, '_extend', before);
		}
	}
}
