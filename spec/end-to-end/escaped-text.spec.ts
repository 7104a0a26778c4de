import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const hostile = 'a\u001b[2J\u009b\u202e\rb';
const shown = 'a\\x1b[2J\\x9b\\u{202e}\\x0db';
const onPosix = unless(process.platform === 'win32' && 'no such names here', false);

/** Whether a terminal can bear it: nothing but text, line breaks and our own colours. */
function isEscaped(t: ExecutionContext, text: string): void {
	t.true(text.includes(shown), text);
	t.notRegex(text.replace(/\u001b\[\d+m/g, ''), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
}

onPosix('paths of files that were written, and what is said about them', async t => {
	const place = join(temporaryDirectory(t), hostile);
	mkdirSync(place);
	const run = runSealport(t, place, ['cert', '--out', 'out'], {FORCE_COLOR: '1'});
	t.is(await run.ended, 0, run.stderr);
	isEscaped(t, run.stdout);
	isEscaped(t, run.stderr);
	t.regex(run.stderr, /\u001b\[2m/, 'our own colours stay');
});

onPosix('what is said when serving begins', async t => {
	const certs = join(temporaryDirectory(t), hostile);
	const run = runSealport(t, home, ['demo', '--port', '0', '--certs', certs]);
	await run.says(/stop +Ctrl/);
	isEscaped(t, run.stderr);
});

onPosix('a warning about a variable', async t => {
	const run = runSealport(t, home, ['env'], {SSL_CERT_FILE: `/missing/${hostile}`});
	await run.ended;
	isEscaped(t, run.stderr);
});

onPosix('the stack of an error', async t => {
	const run = runSealport(t, home, ['--config', `/missing/${hostile}`, '--verbose']);
	t.is(await run.ended, 1);
	t.regex(run.stderr, /^ +at /m);
	isEscaped(t, run.stderr);
});
