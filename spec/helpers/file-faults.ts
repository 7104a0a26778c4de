// Loaded with --import before the code under test: it stands between that code and the file system.
//
// SPEC_KILL_AT=n      the process kills itself before its n-th change of the file system; one that
//                     writes content writes half of it first
// SPEC_NO_LINK=1      the file system has no hard links
// SPEC_REPORT=path    writes there, as JSON, each mode that was seen: of new files and directories
//                     right after they were made, and of files right before content goes in

import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';

const {SPEC_KILL_AT, SPEC_NO_LINK, SPEC_REPORT} = process.env;
const report: {what: string; path: string; mode: number}[] = [];
const original = {...fs};
let changes = 0;

function before(half?: () => void): void {
	changes++;
	if (SPEC_KILL_AT !== undefined && changes === Number(SPEC_KILL_AT)) {
		half?.();
		process.kill(process.pid, 'SIGKILL');
	}
}

function see(what: string, path: string, mode: number): void {
	report.push({what, path, mode: mode & 0o7777});
}

const names = new Map<number, string>();

fs.openSync = (path, flags, mode) => {
	const makes = typeof flags === 'number' && (flags & fs.constants.O_CREAT) !== 0;
	if (makes) {
		before();
	}
	const file = original.openSync(path, flags, mode);
	if (makes) {
		names.set(file, String(path));
		see('create', String(path), original.fstatSync(file).mode);
	}
	return file;
};
fs.fchmodSync = (file, mode) => {
	before();
	original.fchmodSync(file, mode);
};
fs.chmodSync = (path, mode) => {
	before();
	original.chmodSync(path, mode);
};
fs.writeFileSync = (file, data, options) => {
	if (typeof file === 'number' && typeof data === 'string') {
		see('write', names.get(file) ?? '', original.fstatSync(file).mode);
		before(() => original.writeSync(file, data.slice(0, data.length / 2)));
	}
	original.writeFileSync(file, data, options);
};
fs.fsyncSync = file => {
	before();
	original.fsyncSync(file);
};
fs.linkSync = (from, to) => {
	before();
	if (SPEC_NO_LINK !== undefined) {
		throw Object.assign(new Error('no hard links here'), {code: 'EPERM'});
	}
	original.linkSync(from, to);
};
fs.renameSync = (from, to) => {
	before();
	original.renameSync(from, to);
};
fs.rmSync = (path, options) => {
	before();
	original.rmSync(path, options);
};
const mkdir = ((path: fs.PathLike, options?: fs.Mode | fs.MakeDirectoryOptions) => {
	before();
	const made = original.mkdirSync(path, options);
	see('mkdir', String(path), original.lstatSync(path).mode);
	return made;
}) as typeof fs.mkdirSync;
fs.mkdirSync = mkdir;
syncBuiltinESMExports();

process.on('exit', () => {
	if (SPEC_REPORT !== undefined) {
		original.writeFileSync(SPEC_REPORT, JSON.stringify({changes, report}));
		original.chmodSync(SPEC_REPORT, 0o600);
	}
});
