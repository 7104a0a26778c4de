import test from 'ava';
import {fails, holds, read, refused, unknown} from '../../../helpers/rule-verdicts.js';

test(holds, 'exe=/usr/bin/curl', {});
test(holds, 'exe=/usr/bin/python3', {executable: '/usr/bin/python3.11'});
test(holds, 'exe=/bin/cur?', {});
test(holds, 'exe=/bin/python3.*', {executable: '/usr/bin/python3.11'});
test(holds, 'exe=/usr/**', {});
test(holds, 'exe=/**/curl', {});
test(holds, 'exe=/opt/a,b/tool,user=bob', {executable: '/opt/a,b/tool'});
test(fails, 'exe=/usr/bin/curl', {executable: '/usr/bin/wget'});
test(fails, 'exe=/usr/bin/curl', {executable: '/usr/bin/curl (deleted)'});
test(fails, 'exe=/usr/bin/curl', {executable: '/usr/bin/CURL'});
test(fails, 'exe=/usr/bin/*', {executable: '/usr/bin/x/curl'});
test(unknown, 'exe=/usr/bin/curl', {executable: undefined});
test(refused, 'exe=curl', /expected an absolute path/, /did you mean exe=\/usr\/bin\/curl\?/);
test(refused, 'exe=nothing', /expected an absolute path/, /whole path/);
test(refused, 'exe=./curl', /expected an absolute path/);
test(refused, 'exe=*', /expected an absolute path/);
test(refused, 'exe=/usr/bin/crul', /cannot find "\/usr\/bin\/crul": no such file/);
test(refused, 'exe=/usr/lib/x/*', /cannot find "\/usr\/lib\/x\/": no such file/);
test(refused, 'exe=/usr/bin', /is no program/, /exe=\/usr\/bin\/\*\*/);
test(refused, 'exe=/usr/bin/[abc]', /bad glob: .*brackets/);
test(refused, 'exe=/usr/bin/**x', /bad glob/);
test(refused, 'exe=/usr/bin/*/../x', /bad glob/);
test(refused, 'exe=/usr/bin/pip', /is a script: .*interpreter, \/usr\/bin\/python3/);

test('programs that anybody may replace are warned of', t => {
	const warnings = (rule: string) => read(rule).warnings;
	t.deepEqual(warnings('exe=/usr/bin/curl'), []);
	t.deepEqual(warnings('exe=/tmp/tool'), []);
	t.regex(warnings('exe=/tmp/**')[0] ?? '', /everybody may write to \/tmp,/);
	t.regex(warnings('exe=/var/open/tool')[0] ?? '', /everybody may write to \/var\/open,/);
});
