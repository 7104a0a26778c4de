import type {Range} from '../networks.js';

/** Packets that the policy lets in, as far as they are known; what is `undefined` is not. */
export interface Flow {
	/** `beyond`: from another machine or a container; `here`: from a program on this machine; `reply`: back. */
	readonly path: 'beyond' | 'here' | 'reply';
	/** Whether it is the first packet of a connection, or a later one. */
	readonly isFirst: boolean;
	/** For people. */
	readonly who: string;
	readonly family: 4 | 6;
	/** Where clients are. */
	readonly clients: readonly Range[];
	/** Of this machine; none where it is not known. */
	readonly addresses: readonly string[];
	readonly port: number;
	/** Of the client's socket. */
	readonly uid: number | undefined;
	/** Where packets from beyond arrive; `undefined` for any but `lo`. */
	readonly device: string | undefined;
	/** Whether the policy lets in some of these only, and which ones no firewall can tell. */
	readonly isVague: boolean;
}

/** Some of the clients of a flow, on their way through the rules. */
export interface Case {
	readonly clients: readonly Range[];
	/** Whether they surely come here. */
	readonly isCertain: boolean;
}
