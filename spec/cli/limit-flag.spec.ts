import test from 'ava';
import {limitsFrom} from '../../lib/cli/limit-flag.js';
import {serveOptions} from '../../lib/cli/serve-options.js';
import {UserError} from '../../lib/errors.js';

const read = test.macro({
	title: (_, text) => `--limit ${text}`,
	exec(t, text: string, limits: object) {
		t.deepEqual(limitsFrom([text]), limits);
	},
});

test(read, 'head-size=128k', {headSize: 131_072});
test(read, 'head-size=1M', {headSize: 1_048_576});
test(read, 'head-size=1.5k', {headSize: 1536});
test(read, 'head-size=4096', {headSize: 4096});
test(read, 'fields=500', {fields: 500});
test(read, 'connections = 500', {connections: 500});
test(read, 'handshake=500ms', {handshake: 500});
test(read, 'head=5', {head: 5000});
test(read, 'head=0.5', {head: 500});
test(read, 'idle=30s', {idle: 30_000});
test(read, 'idle=10m', {idle: 600_000});
test(read, 'idle=24h', {idle: 86_400_000});

const refused = test.macro({
	title: (_, text) => `--limit ${text} is refused`,
	exec(t, text: string, telling: RegExp, hint: RegExp) {
		const error = t.throws(() => limitsFrom([text]), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.regex(error?.message ?? '', telling);
		t.regex(error?.hint ?? '', hint);
	},
});

test(refused, 'idle', /^limit: .*idle.*got nothing$/, /--limit idle=2m/);
test(refused, 'idle=', /^limit: .*idle.*500ms.*got ""$/, /--limit idle=2m/);
test(refused, 'idle=2x', /^limit: .*idle.*got "2x"$/, /--limit idle=2m/);
test(refused, 'idle=-2', /^limit: .*idle.*got "-2"$/, /--limit idle=2m/);
test(refused, 'idle=25h', /^limit: .*from 100ms to 24h, got "25h"$/, /--limit idle=2m/);
test(refused, 'idle=0.0001s', /^limit: .*idle.*got "0\.0001s"$/, /--limit idle=2m/);
test(refused, 'head=64k', /^limit: .*head.*got "64k"$/, /--limit head=30s/);
test(refused, 'head-size=30s', /^limit: .*64k.*got "30s"$/, /--limit head-size=64k/);
test(refused, 'head-size=1000', /^limit: .*from 1k to 16m, got "1000"$/, /head-size=64k/);
test(refused, 'fields=2k', /^limit: .*fields.*got "2k"$/, /--limit fields=200/);
test(refused, 'connections=0', /^limit: .*from 1 .*got "0"$/, /--limit connections=16384/);
test(refused, 'head-siz=1k', /^limit: .*"head-siz"$/, /did you mean head-size\?.*known are/);
test(refused, 'headSize=1k', /^limit: .*"headSize"$/, /did you mean head-size\?/);
test(refused, 'constructor=1', /^limit: .*"constructor"$/, /^known are head-size, .*connections$/);
test(refused, '=1', /^limit: .*""$/, /^known are /);

test('repeated, with commas between, and the last of a name counts', async t => {
	const {limits} = await serveOptions({limit: ['head=5s,idle=1m', 'idle=2h, fields=20']});
	t.deepEqual(limits, {head: 5000, idle: 7_200_000, fields: 20});
	t.is((await serveOptions({})).limits, undefined);
});
