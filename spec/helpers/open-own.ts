// A program of its own: opens a certificate and a key as another user, and prints the error.

import {chmodSync} from 'node:fs';
import {dirname} from 'node:path';
import {UserError} from '../../lib/errors.js';
import {openOwn} from '../../lib/pki/own.js';

const [, , cert = '', key = '', uid = ''] = process.argv;
if (uid !== '') {
	// Here, after the modules are loaded, which that user may have no right to read.
	chmodSync(dirname(cert), 0o755);
	process.setuid?.(Number(uid));
}
try {
	openOwn(cert, key);
} catch (error) {
	const text = error instanceof UserError ? `${error.code} ${error.message}` : String(error);
	process.stdout.write(`${text}\n`);
}
