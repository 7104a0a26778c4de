/** The process that holds a TCP port, as far as the system tells. */
export interface Holder {
	/** `undefined` when the process belongs to another user and cannot be seen. */
	readonly pid: number | undefined;
	/** Short name of the program: `node`. Printable. */
	readonly name: string | undefined;
	/** The whole command line, printable, cut after 120 characters. */
	readonly command: string | undefined;
	/** The user that owns the port, where users have numbers and the process itself stays hidden. */
	readonly uid: number | undefined;
	/** The program is Sealport itself. */
	readonly sealport: boolean;
	/** A listening socket, or one connection that has the port as its own end. */
	readonly kind: 'listening' | 'connection';
}
