import type {Client} from './seams.js';

/**
 * What a backend is told of who the client is, as lines of a head: nothing without a verified certificate. The
 * name is percent-encoded but for visible ASCII; Client-Cert is that of RFC 9440.
 */
export function clientLines({certificate}: Client): string {
	if (certificate === undefined || certificate instanceof Error) {
		return '';
	}
	const {name, der} = certificate;
	return `Sealport-Client: ${encoded(name)}\r\nClient-Cert: :${der.toString('base64')}:\r\n`;
}

function encoded(name: string): string {
	return name.replace(/[^!-$&-~]+/gu, text =>
		Buffer.from(text)
			.toString('hex')
			.replace(/../g, digits => `%${digits.toUpperCase()}`),
	);
}
