/** What a client has to know to reach a Sealport: a tunnel has it, and so has a process. */
export interface Endpoint {
	readonly port: number;
	/** PEM of the certificate to trust. */
	readonly ca: string | undefined;
	/** What it shows of itself where it is asked for a certificate, PEM. */
	readonly client?: {readonly cert: string; readonly key: string};
}
