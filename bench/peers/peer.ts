/** What a peer can carry. A tunnel of bytes carries what the backend speaks, which is HTTP/1.1. */
export type Traffic = 'h1' | 'h2' | 'websocket';

/** Where one process of a peer is to run. */
export interface Place {
	/** Free port on 127.0.0.1 to listen on. */
	readonly port: number;
	/** Of the backend, on 127.0.0.1. */
	readonly backendPort: number;
	/** Empty directory of this process. */
	readonly folder: string;
	readonly certificate: Certificate;
}

/** The certificate that all serve: made by Sealport's own authority, P-256. */
export interface Certificate {
	/** PEM file of the leaf and the issuing CA. */
	readonly chain: string;
	/** PEM file of the private key. */
	readonly key: string;
	/** PEM file of both. */
	readonly bundle: string;
	/** Directory of the authority. */
	readonly authority: string;
}

/** A process to start. It stays in the foreground. */
export interface Command {
	readonly program: string;
	readonly args: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
}

/** A peer as it was found on this machine. */
export interface Found {
	/** Program and version, as the table shows it. */
	readonly version: string;
	/** Settings that matter for the figures, for the table. */
	readonly settings: string;
	/** Makes the command, and writes the configuration that it reads. */
	command(place: Place): Command;
}

/** A proxy to be measured. */
export interface Peer {
	readonly name: string;
	readonly carries: readonly Traffic[];
	/** Name that clients ask for, where it is not `localhost`. */
	readonly host?: string;
	/** Scenarios that it takes part in, where it is not there for all. */
	readonly only?: readonly string[];
	/** Whether it is compiled while it runs, and so has to be warmed up. */
	readonly warmsUp?: true;
	/** Whether it closes the client's connection after each response, which h2load does not recover from. */
	readonly closesClients?: true;
	/** Looks for it here; when it is not here, says why. */
	find(): Found | {readonly missing: string};
}
