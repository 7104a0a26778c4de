import {join} from 'node:path';
import {runSealport} from '../helpers/cli.js';
import {makeOwn, must} from '../helpers/making.js';
import {needs} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const withOpenssl = needs('openssl');

withOpenssl(
	'a name that the own certificate does not cover is warned of, and no other',
	async t => {
		const home = temporaryDirectory(t);
		const {cert, key} = await makeOwn(home, 'ec');
		const names = ['--name', 'dev.test', '--name', 'bare.test', '--name', 'www.example.com'];
		const files = ['--cert', cert, '--key', key];
		const sealport = runSealport(t, home, ['1', '--port', '0', ...names, ...files]);
		await sealport.says('Ctrl+C');
		await sealport.says(/^warning: .*cover/m);
		t.deepEqual(sealport.stderr.match(/^warning: .*$/gm), [
			'warning: the certificate does not cover bare.test: clients will refuse it there',
		]);
	},
);

withOpenssl('so is the name in the URL when nobody has named it', async t => {
	const home = temporaryDirectory(t);
	const {cert, key} = await makeOwn(home, 'ec', 'other', 'DNS:*.wild.test');
	const file = join(home, 'own.p12');
	const bundle = ['-export', '-in', cert, '-inkey', key, '-out', file, '-passout', 'pass:'];
	await must('openssl', ['pkcs12', ...bundle]);
	const sealport = runSealport(t, home, ['1', '--port', '0', '--pfx', file]);
	await sealport.says(/^warning: .*cover/m);
	t.regex(sealport.stdout, /^https:\/\/localhost:/);
	t.regex(sealport.stderr, /^warning: the certificate does not cover localhost: /m);
});
