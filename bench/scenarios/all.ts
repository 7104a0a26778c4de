import {newConnections} from './connections.js';
import {idle} from './idle.js';
import {recovery} from './recovery.js';
import {bodies, smallRequests} from './requests.js';
import type {Scenario} from './scenario.js';
import {start} from './start.js';
import {underRule} from './under-rule.js';
import {websocket} from './websocket.js';

/** All scenarios, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
	...smallRequests,
	...bodies,
	websocket,
	newConnections,
	...underRule,
	start,
	idle,
	recovery,
];
