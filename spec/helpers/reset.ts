import type {Socket} from 'node:net';

/**
 * Resets a connection that TLS runs over, or closes it where TLS has begun to end it. Asked to reset while
 * the shutdown of TLS is on its way, Node takes the socket for closed although libuv has refused (EINVAL): it
 * is open for good, and a thread that has such a socket waits for it for ever when it ends, out of reach of
 * whoever would terminate it.
 */
export function reset(tcp: Socket, tls: Socket): void {
	if (tls.writable) {
		tcp.resetAndDestroy();
	} else {
		tcp.destroy();
	}
}
