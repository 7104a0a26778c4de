// A program of its own: opens the store in its first argument when its stdin ends, and prints the
// root's fingerprint. With a second argument it says so on a line and stays until it is killed.

import {text} from 'node:stream/consumers';
import {openCertificates} from '../../lib/pki/certificates.js';
import {openAuthority} from '../../lib/pki/store/open-authority.js';

const [, , directory = '', stay] = process.argv;
process.stdout.write('ready\n');
await text(process.stdin);
if (stay === undefined) {
	const {authority} = await openAuthority(directory);
	process.stdout.write(`${authority.root.fingerprint256}\n`);
} else {
	const certificates = await openCertificates(
		{kind: 'authority', directory},
		['localhost'],
		() => true,
	);
	process.stdout.write('serving\n');
	setInterval(() => certificates.contextFor('localhost'), 1000);
}
