import {caddy} from './caddy.js';
import {haproxy} from './haproxy.js';
import {hitch} from './hitch.js';
import {httpProxy} from './http-proxy.js';
import {localSslProxy} from './local-ssl-proxy.js';
import {nginx, nginxLargeBuffers} from './nginx.js';
import type {Peer} from './peer.js';
import {portless} from './portless.js';
import {message, rule, wire} from './sealport.js';
import {stunnel} from './stunnel.js';

/**
 * All peers, in the order of the table.
 *
 * @param newerNode for those that the Node which runs the bench may be too old for
 */
export const peersWith = (newerNode: string): readonly Peer[] => [
	wire,
	message,
	rule,
	httpProxy,
	nginx,
	nginxLargeBuffers,
	haproxy,
	caddy,
	hitch,
	stunnel,
	localSslProxy,
	portless(newerNode),
];
