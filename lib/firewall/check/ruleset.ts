import type {Range} from '../networks.js';

/** Where in the kernel a chain is asked. */
export type Hook = 'ingress' | 'prerouting' | 'input' | 'output' | 'postrouting';

/** Numbers side by side, both ends included. */
export interface Span {
	readonly first: number;
	readonly last: number;
}

/** One condition of a rule. `isNot` turns it round. */
export type Test = AddressTest | NumberTest | NameTest | FlagTest | OtherTest;

export interface AddressTest {
	readonly on: 'source' | 'destination';
	/** It never holds for packets of the other family, turned round or not. */
	readonly family: 4 | 6;
	/** `undefined` where they are not known. */
	readonly ranges: readonly Range[] | undefined;
	readonly isNot: boolean;
}

export interface NumberTest {
	readonly on: 'source-port' | 'destination-port' | 'uid';
	readonly spans: readonly Span[];
	readonly isNot: boolean;
}

export interface NameTest {
	/** `in` and `out` are interfaces: `*` at the end of a name stands for anything. */
	readonly on: 'in' | 'out' | 'protocol' | 'version' | 'state' | 'destination-type';
	readonly names: readonly string[];
	readonly isNot: boolean;
}

export interface FlagTest {
	readonly on: 'tcp-flags';
	readonly mask: readonly string[];
	readonly set: readonly string[];
	readonly isNot: boolean;
}

/** `never`: such as the port of UDP; `unknown`: what is not understood, or not known here. */
export interface OtherTest {
	readonly on: 'never' | 'unknown';
}

/** What a rule does with what it applies to. `unknown` is what is not understood, such as a queue. */
export type Action =
	| {readonly kind: 'accept' | 'drop' | 'reject' | 'return' | 'continue' | 'unknown'}
	| {readonly kind: 'jump' | 'goto'; readonly chain: string}
	| {
			readonly kind: 'redirect';
			/** Canonical; `undefined` for this machine, or what is not understood. */
			readonly address: string | undefined;
			/** `undefined` for the same one. */
			readonly port: number | undefined;
	  };

export interface Rule {
	readonly tests: readonly Test[];
	readonly action: Action;
	/** As its firewall writes it; raw. */
	readonly text: string;
}

export interface Chain {
	readonly family: 'ip' | 'ip6' | 'inet' | 'netdev';
	readonly table: string;
	readonly name: string;
	/** For people: `table inet filter, chain input`. */
	readonly where: string;
	/** In which table a jump is looked up. */
	readonly scope: string;
	/** What it is managed with. */
	readonly tool: 'nft' | 'iptables';
	/** `undefined` for what is only reached by jumps. */
	readonly base:
		| {
				readonly hook: Hook;
				readonly type: string;
				readonly priority: number;
				readonly policy: 'accept' | 'drop';
				/** Interfaces of a chain at ingress. */
				readonly devices: readonly string[];
		  }
		| undefined;
	readonly rules: readonly Rule[];
}
