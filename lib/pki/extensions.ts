import type {Subtrees} from './constraints.js';
import {networkBytes} from './constraints.js';
import type {Der, DerNode} from './der.js';
import {addressBytes, type Name} from './names.js';

/** What a certificate may be used for, and by whom. */
export interface Profile {
	/** A CA with at most so many CAs beneath it; `undefined` for a leaf. */
	readonly pathLength?: number;
	/** Left out for a root, which is not bound to a purpose. */
	readonly purposes?: readonly Purpose[];
	/** The subject alternative names. */
	readonly names?: readonly AlternativeName[];
	readonly constraints?: Subtrees;
}

/** What a certificate can be for: beside hosts, persons and programs, which no constraint of ours concerns. */
export type AlternativeName =
	| Name
	/** An e-mail address in ASCII. */
	| {readonly kind: 'email'; readonly text: string}
	/** A distinguished name of nothing but a common name. */
	| {readonly kind: 'directory'; readonly text: string};

/** What a certificate may be used for (RFC 5280 section 4.2.1.12). */
export type Purpose = 'serverAuth' | 'clientAuth';

const purposeOids: Readonly<Record<Purpose, string>> = {
	serverAuth: '1.3.6.1.5.5.7.3.1',
	clientAuth: '1.3.6.1.5.5.7.3.2',
};

/** The extensions block of a certificate as its `[3]` field (RFC 5280 section 4.2). */
export function extensionsOf(
	der: Der,
	profile: Profile,
	keys: {
		readonly subjectKeyId: Buffer;
		readonly authorityKeyId: Buffer;
		/** Whether a client can encrypt to the key, as old clients of RSA ones do. */
		readonly canEncrypt: boolean;
	},
): DerNode {
	const extension = (oid: string, critical: boolean, value: DerNode): DerNode =>
		der.sequence(
			der.oid(oid),
			...(critical ? [der.boolean(true)] : []),
			der.octets(der.encode(value)),
		);
	const {pathLength, purposes, names = [], constraints} = profile;
	const isAuthority = pathLength !== undefined;
	const all = [
		extension(
			'2.5.29.19',
			true,
			isAuthority ? der.sequence(der.boolean(true), der.integer(pathLength)) : der.sequence(),
		),
		extension('2.5.29.15', true, keyUsage(der, isAuthority, keys.canEncrypt)),
		extension('2.5.29.14', false, der.octets(keys.subjectKeyId)),
		extension('2.5.29.35', false, der.sequence(der.taggedBytes(0, keys.authorityKeyId))),
	];
	if (purposes !== undefined) {
		const oids = purposes.map(purpose => der.oid(purposeOids[purpose]));
		all.push(extension('2.5.29.37', false, der.sequence(...oids)));
	}
	if (names.length > 0) {
		all.push(
			extension('2.5.29.17', false, der.sequence(...names.map(name => generalName(der, name)))),
		);
	}
	if (constraints !== undefined) {
		all.push(extension('2.5.29.30', true, nameConstraints(der, constraints)));
	}
	return der.tagged(3, der.sequence(...all));
}

/** keyCertSign and cRLSign for a CA; digitalSignature, and perhaps keyEncipherment, for a leaf. */
function keyUsage(der: Der, isAuthority: boolean, canEncrypt: boolean): DerNode {
	// Bits 5 and 6; 0 and 2; 0 alone, the first bit being that of 0x80.
	const [bits, unused] = isAuthority ? [0x06, 1] : canEncrypt ? [0xa0, 5] : [0x80, 7];
	return der.bits(Buffer.from([bits]), unused);
}

function generalName(der: Der, {kind, text}: AlternativeName): DerNode {
	switch (kind) {
		case 'email':
			return der.taggedBytes(1, Buffer.from(text, 'latin1'));
		case 'dns':
			return der.taggedBytes(2, Buffer.from(text, 'latin1'));
		case 'directory':
			return der.tagged(4, der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), der.utf8(text)))));
		case 'ip':
			return der.taggedBytes(7, addressBytes(text));
	}
}

function nameConstraints(der: Der, subtrees: Subtrees): DerNode {
	const names = subtrees.dns.map(name => der.taggedBytes(2, Buffer.from(name, 'latin1')));
	const networks = subtrees.ip.map(network => {
		const {base, mask} = networkBytes(network);
		return der.taggedBytes(7, Buffer.concat([base, mask]));
	});
	return der.sequence(der.tagged(0, ...[...names, ...networks].map(base => der.sequence(base))));
}
