import {lstatSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {unless} from '../../helpers/programs.js';
import {run} from '../../helpers/run.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

interface Report {
	readonly report: readonly {
		readonly what: string;
		readonly path: string;
		readonly mode: number;
	}[];
}

const path = (name: string) => fileURLToPath(new URL(`../../helpers/${name}.js`, import.meta.url));
const test = unless(process.platform === 'win32' && 'Windows has no modes', false);
const modeOf = (file: string) => (lstatSync(file).mode & 0o7777).toString(8);

async function underUmask(t: ExecutionContext, umask: string): Promise<void> {
	const base = temporaryDirectory(t);
	const directory = join(base, 'above', 'store');
	const reportFile = join(temporaryDirectory(t), 'report.json');
	const script = `umask ${umask}; exec "$0" --import "$1" "$2" "$3"`;
	const args = ['-c', script, process.execPath, path('file-faults'), path('open-store'), directory];
	const {code, stderr} = await run('sh', args, {env: {SPEC_REPORT: reportFile}});
	t.is(code, 0, stderr);

	t.is(modeOf(join(base, 'above')), '700');
	t.is(modeOf(directory), '700');
	t.deepEqual(readdirSync(directory).sort(), ['authority.pem', 'ca.pem']);
	for (const name of readdirSync(directory)) {
		t.is(modeOf(join(directory, name)), '600', name);
	}
	const {report} = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
	const seen = (what: string) => report.filter(entry => entry.what === what);
	t.is(seen('mkdir').length, 2);
	t.true(seen('create').length >= 2);
	t.is(seen('write').length, seen('create').length);
	for (const {what, path: file, mode} of report) {
		t.is(mode & 0o077, 0, `${what} ${file}: nobody else from the first instant`);
		if (what === 'write') {
			t.is(mode, 0o600, `${file} before its first byte`);
		}
	}
}

for (const umask of ['0', '022', '077', '0777']) {
	test(`files are 0600 in a 0700 directory from the first byte under umask ${umask}`, t =>
		underUmask(t, umask));
}
