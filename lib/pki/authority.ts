import {generateKeyPairSync, type KeyObject, randomBytes, X509Certificate} from 'node:crypto';
import {hostname, userInfo} from 'node:os';
import {Worker} from 'node:worker_threads';
import {packageFile} from '../package-file.js';
import type {CertificateRequest} from './certificate.js';
import {permitted, type Subtrees} from './constraints.js';
import {sudoer} from './store/owner.js';

/** A certificate authority that can sign leaves: what is left after its root's key is destroyed. */
export interface Authority {
	readonly root: X509Certificate;
	readonly issuing: X509Certificate;
	/** The private key of `issuing`. */
	readonly key: KeyObject;
	/** What both certificates permit. */
	readonly constraints: Subtrees;
}

/** What the thread with the root's key is told; all of it can be copied between threads. */
export interface CeremonyOrder {
	readonly root: Omit<CertificateRequest, 'publicKey'>;
	readonly issuing: Omit<CertificateRequest, 'publicKey'>;
	/** PEM of the issuing CA's public key; its private key never enters that thread. */
	readonly issuingPublicKey: string;
}

/** What comes back: two certificates as PEM. */
export interface CeremonyResult {
	readonly root: string;
	readonly issuing: string;
}

const day = 86_400_000;

/**
 * Makes a new authority: a root, whose private key lives only in a thread of its own that signs once
 * and ends, and the issuing CA. Both are name-constrained and live for 3,650 days, from one day before
 * now, so that a clock that is a little behind accepts them too.
 *
 * @param now milliseconds since 1970
 * @param constraints what it may vouch for; `permitted` by default
 */
export async function createAuthority(
	now: number,
	constraints: Subtrees = permitted,
): Promise<Authority> {
	const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
	const start = Math.floor(now / 1000) * 1000 - day;
	const life = {notBefore: new Date(start), notAfter: new Date(start + 3650 * day - 1000)};
	const date = new Date(now).toISOString().slice(0, 10);
	const organization = 'Sealport';
	// Two authorities of one day have to be told apart in a trust store.
	const mark = randomBytes(3).toString('hex');
	const order: CeremonyOrder = {
		root: {
			subject: {organization, commonName: rootName(whoAndWhere(), `${date} ${mark}`)},
			...life,
			profile: {pathLength: 1, constraints},
		},
		issuing: {
			subject: {organization, commonName: `Sealport issuing CA ${date} ${mark}`},
			...life,
			profile: {pathLength: 0, purposes: ['serverAuth', 'clientAuth'], constraints},
		},
		issuingPublicKey: publicKey.export({type: 'spki', format: 'pem'}).toString(),
	};
	const result = await holdCeremony(order);
	return {
		root: new X509Certificate(result.root),
		issuing: new X509Certificate(result.issuing),
		key: privateKey,
		constraints,
	};
}

/**
 * The common name of a root: recognisable in a trust store, at most 64 characters.
 *
 * @param owner `user@host`, cut and stripped of what does not print
 * @param mark what tells it from others: the date, and some random digits
 */
export function rootName(owner: string, mark: string): string {
	const room = 64 - `Sealport local CA  ${mark}`.length;
	const clean = Array.from(owner.replace(/[^\p{L}\p{N}@._-]/gu, ''));
	return `Sealport local CA ${clean.slice(0, room).join('')} ${mark}`;
}

function whoAndWhere(): string {
	let user = 'user';
	try {
		user = sudoer()?.name ?? userInfo().username;
	} catch {
		// A container may run under a number that has no name.
	}
	return `${user}@${hostname()}`;
}

/** Resolves when the thread has ended, and its memory with it. */
function holdCeremony(order: CeremonyOrder): Promise<CeremonyResult> {
	return new Promise((resolve, reject) => {
		let result: CeremonyResult | undefined;
		const thread = new Worker(packageFile('dist/lib/pki/authority-worker.js'), {
			workerData: order,
			// Flags and preloaded modules of the program around us have no business near this key.
			execArgv: [],
			env: {},
		});
		thread.once('message', (message: CeremonyResult) => {
			result = message;
		});
		thread.once('error', reject);
		thread.once('exit', code => {
			if (result === undefined) {
				reject(new Error(`the thread that makes the authority ended early, with code ${code}`));
			} else {
				resolve(result);
			}
		});
	});
}
