import {createPublicKey, generateKeyPairSync} from 'node:crypto';
import {parentPort, workerData} from 'node:worker_threads';
import type {CeremonyOrder, CeremonyResult} from './authority.js';
import {issue, toPem} from './certificate.js';
import {loadDer} from './der.js';

const order: CeremonyOrder = workerData;
const der = await loadDer();

// The key is used where it was made and never exported. OpenSSL clears it when it is freed, and what
// its arithmetic left on the stack goes with the thread: nothing here may become asynchronous, since
// that would move the work to the process's thread pool, whose stacks stay.
const {privateKey: key, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
const root = issue(der, {...order.root, publicKey}, {key, certificate: undefined});
const issuing = issue(
	der,
	{...order.issuing, publicKey: createPublicKey(order.issuingPublicKey)},
	{key, certificate: root},
);
const result: CeremonyResult = {root: toPem(root), issuing: toPem(issuing)};
parentPort?.postMessage(result);
