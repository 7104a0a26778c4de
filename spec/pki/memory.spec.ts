import {spawn} from 'node:child_process';
import {type KeyObject, X509Certificate} from 'node:crypto';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {pemBlocks} from '../../lib/pki/pem.js';
import {scanForKeys} from '../helpers/memory-scan.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const program = fileURLToPath(new URL('../helpers/open-store.js', import.meta.url));
const test = unless(process.platform !== 'linux' && 'memory is read through /proc', false);

test('the root key is nowhere in memory after the authority is made, the issuing key is', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const child = spawn(process.execPath, [program, directory, 'stay'], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	t.teardown(() => child.kill('SIGKILL'));
	child.stdin.end();
	for await (const line of createInterface(child.stdout)) {
		if (line === 'serving') {
			break;
		}
	}
	const [, issuing, root] = pemBlocks(readFileSync(join(directory, 'authority.pem'), 'utf8'));
	const [rootPoint, issuingPoint] = [root, issuing].map(block =>
		pointOf(new X509Certificate(block?.text ?? '').publicKey),
	) as [string, string];
	const {pid = 0} = child;
	const {bytes, tried, found} = scanForKeys(pid, [rootPoint, issuingPoint]);
	t.log(`${Math.round(bytes / 1e6)} MB read, ${tried} windows tried`);
	t.true(found.has(issuingPoint), 'the scan finds a key that is there');
	t.false(found.has(rootPoint));
	t.true(bytes > 10_000_000);

	child.kill('SIGKILL');
	await once(child, 'exit');
});

function pointOf(key: KeyObject): string {
	return key.export({type: 'spki', format: 'der'}).subarray(-65).toString('hex');
}
