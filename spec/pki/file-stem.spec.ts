import test from 'ava';
import {fileStem} from '../../lib/pki/file-stem.js';

for (const [name, stem] of [
	['localhost', 'localhost'],
	['app.internal', 'app.internal'],
	['127.0.0.1', '127.0.0.1'],
	['::1', '__1'],
	['fe80::1', 'fe80__1'],
	['Jané D/oe', 'Jané_D_oe'],
	['jane@localhost', 'jane@localhost'],
	['../../etc/passwd', '_._.._etc_passwd'],
	['.bashrc', '_bashrc'],
	['--force', '_-force'],
	['a\\b:c*d?e"f<g>h|i', 'a_b_c_d_e_f_g_h_i'],
	['nul', '_nul'],
	['CON.test', '_CON.test'],
	['com1.localhost', '_com1.localhost'],
	['console.test', 'console.test'],
	['用户', '用户'],
	['हिन्दी', 'हिन्दी'],
	['🔑', '_'],
] as const) {
	test(`the files for ${name} begin with ${stem}`, t => {
		t.is(fileStem(name), stem);
	});
}

test('a long name is cut, between its letters', t => {
	t.is(fileStem('a'.repeat(253)), 'a'.repeat(200));
	t.is(fileStem('ü'.repeat(253)), 'ü'.repeat(100));
});
