/** What a TLS handshake agreed on, as the demo page shows it. */
export interface DemoConnection {
	/** `TLSv1.3`. */
	readonly protocol: string;
	/** OpenSSL's or the standard's name: `TLS_AES_128_GCM_SHA256`. */
	readonly cipher: string;
	/** `h2` or `http/1.1`; empty when the client asked for none. */
	readonly alpn: string;
	/** When the handshake ended, in milliseconds since 1970. */
	readonly since: number;
}

/** The latest handshakes of a tunnel. */
export interface ConnectionLog {
	/** Takes one handshake, and forgets the oldest beyond the limit. */
	add(handshake: {readonly tls: string; readonly cipher: string; readonly alpn: string}): void;
	/** Newest first. */
	recent(): readonly DemoConnection[];
}

/**
 * Keeps the latest handshakes. A backend cannot see them, since Sealport tells it nothing but the
 * X-Forwarded headers: whoever owns the tunnel writes them here, and the demo page reads them.
 *
 * @param limit how many; 20 by default
 */
export function connectionLog(limit = 20): ConnectionLog {
	const entries: DemoConnection[] = [];
	return {
		add({tls, cipher, alpn}) {
			entries.unshift({protocol: tls, cipher, alpn, since: Date.now()});
			entries.length = Math.min(entries.length, limit);
		},
		recent: () => [...entries],
	};
}
