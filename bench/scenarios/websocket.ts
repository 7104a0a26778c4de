import {ownLoad} from '../load/own.js';
import {cpuScenario} from './cpu.js';

/** Messages to a WebSocket and back. */
export const websocket = cpuScenario({
	name: 'websocket',
	title: 'WebSocket, 64-byte message and its echo, 64 connections',
	traffic: 'websocket',
	unit: 'µs an echo',
	scale: 1e6,
	units: ({messages}) => messages,
	load: async to => ownLoad('websocket-process.js', to, 64),
});
