const telling =
	/certif|PKIX|authorit|issuer|trust|self.signed|x509|refused|prox(y|ied)|resolv|unreachable|timed out/i;

/** The one line of what a program has said that says most: of the certificate, of a network, or the last. */
export function lineOf(said: string): string {
	const lines = said
		.split(/[\r\n]+/)
		.map(line => line.trim())
		.filter(line => line !== '');
	const words = lines.find(line => telling.test(line)) ?? lines.at(-1);
	return words ?? 'it says nothing';
}
