import {createHmac, timingSafeEqual} from 'node:crypto';
import type {DerNode} from '../der.js';
import type {Opener} from './decrypt.js';
import {deriveKey, digestLength} from './derive.js';
import {bytesOf, numberOf, partsOf} from './nodes.js';
import {hashOids} from './oids.js';

const hashNames = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;

/**
 * Checks the MAC over a PKCS#12 file's content (RFC 7292 section 4).
 *
 * @param data its MacData, if there is one
 * @returns `undefined` when there is none, or one of a kind that is not known here (RFC 9579)
 * @throws Pkcs12Fault `damaged` or `slow`
 */
export function checkMac(
	{der, passphrase, spend}: Opener,
	data: DerNode | undefined,
	content: Buffer,
): boolean | undefined {
	if (data === undefined) {
		return undefined;
	}
	const [digestInfo, salt, count] = partsOf(data);
	const [algorithm, digest] = partsOf(digestInfo);
	const oid = der.dotted(bytesOf(partsOf(algorithm)[0]));
	const hash = hashNames.find(name => hashOids[name] === oid);
	if (hash === undefined) {
		return undefined;
	}
	const rounds = count === undefined ? 1 : numberOf(count);
	spend(rounds);
	const source = {passphrase, salt: bytesOf(salt), rounds, hash};
	const found = createHmac(hash, deriveKey(source, 'mac', digestLength[hash]))
		.update(content)
		.digest();
	const expected = bytesOf(digest);
	return found.length === expected.length && timingSafeEqual(found, expected);
}
