import {ownLoad} from '../load/own.js';
import {cpuScenario} from './cpu.js';

/** New connections with one request each. */
export const newConnections = cpuScenario({
	name: 'connect',
	title: 'new TLS 1.3 connection, full handshake, one request',
	traffic: 'h1',
	unit: 'µs a connection',
	scale: 1e6,
	units: ({requests}) => requests,
	load: async to => ownLoad('connections-process.js', to, 16),
});
