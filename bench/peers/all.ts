import {haproxy} from './haproxy.js';
import {nginx} from './nginx.js';
import type {Peer} from './peer.js';
import {message, wire} from './sealport.js';

/** All peers, in the order of the table. */
export const peers: readonly Peer[] = [wire, message, nginx, haproxy];
