export type {Refusal} from './access/refusal.js';
export {type Config, type ConfigExport, defineConfig} from './config/define.js';
export type {RouteOptions, Routes, ServeOptions} from './config/options.js';
export {ConfigError, type Problem} from './config/problems.js';
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
