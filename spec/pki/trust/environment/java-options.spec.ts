import test from 'ava';
import {javaOptions} from '../../../../lib/pki/trust/environment/java-options.js';
import {needs} from '../../../helpers/programs.js';
import {run} from '../../../helpers/run.js';

const rest = '-Djavax.net.ssl.trustStorePassword=changeit -Djavax.net.ssl.trustStoreType=PKCS12';

test('options that are there stay, and come first', t => {
	const ours = `-Djavax.net.ssl.trustStore=/s/trust.p12 ${rest}`;
	t.is(javaOptions(undefined, '/s/trust.p12'), ours);
	const both = javaOptions('-Xmx1g  -Dx=y', '/s/trust.p12');
	t.is(both, `-Xmx1g  -Dx=y ${ours}`);
	t.is(javaOptions(both, '/s/trust.p12'), both, 'a second time changes nothing');
	t.is(javaOptions(ours, '/s/trust.p12'), ours);
});

test('another trust store is not displaced', t => {
	t.is(javaOptions('-Djavax.net.ssl.trustStore=/corporate.jks', '/s/trust.p12'), undefined);
});

for (const file of ['/a b/trust.p12', "/it's/trust.p12", `/a "b' c/trust.p12`, '/a\tb\nc']) {
	needs('java')(`Java reads back ${JSON.stringify(file)}`, async t => {
		const JAVA_TOOL_OPTIONS = javaOptions('-Dx=y', file);
		const {stdout, stderr} = await run('java', ['-XshowSettings:properties', '-version'], {
			env: {JAVA_TOOL_OPTIONS},
		});
		const said = (stdout + stderr).replace(/\\n/g, '\n');
		t.true(said.includes(`javax.net.ssl.trustStore = ${file}`), said);
		t.true(said.includes('javax.net.ssl.trustStoreType = PKCS12'));
		t.true(said.includes('x = y'));
	});
}
