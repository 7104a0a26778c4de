import {ownLoad} from '../load/own.js';
import {cpuScenario} from './cpu.js';

const connections = 64;

/** Messages to a WebSocket and back. */
export const websocket = cpuScenario({
	name: 'websocket',
	title: `WebSocket, 64-byte message and its echo, ${connections} connections`,
	traffic: 'websocket',
	unit: 'µs an echo',
	scale: 1e6,
	connections,
	units: ({messages}) => messages,
	load: async to => ownLoad('websocket-process.js', to, connections),
});
