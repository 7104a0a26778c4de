import {ownLoad} from '../load/own.js';
import {cpuScenario} from './cpu.js';

const atATime = 16;

/** New connections with one request each. */
export const newConnections = cpuScenario({
	name: 'connect',
	title: 'new TLS 1.3 connection, full handshake, one request',
	traffic: 'h1',
	unit: 'µs a connection',
	scale: 1e6,
	connections: atATime,
	units: ({requests}) => requests,
	load: async to => ownLoad('connections-process.js', to, atATime),
});
