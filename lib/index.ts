export type {RouteOptions, Routes, ServeOptions} from './config/options.js';
export {
	type ErrorSource,
	ProxyError,
	type ProxyErrorCode,
	UserError,
	type UserErrorCode,
} from './errors.js';
export type {ExchangeReport} from './forward/seams.js';
export type {Handshake} from './listener/listener.js';
export {serve, type Tunnel, type TunnelEvents} from './serve.js';
