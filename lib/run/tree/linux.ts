import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {basename} from 'node:path';
import type {ProcessRow, ProcessTable} from './table.js';

/**
 * Reads `/proc/<pid>/stat` (proc_pid_stat(5)).
 *
 * @returns `undefined` for a process that has ended, be it as a zombie
 */
export function parseStat(text: string): Omit<ProcessRow, 'marked'> | undefined {
	// The name in parentheses may contain anything.
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	const [state = 'X', parent, group, session] = fields;
	const started = fields[19];
	if (/[ZXx]/.test(state) || started === undefined) {
		return undefined;
	}
	return {
		pid: Number.parseInt(text, 10),
		parent: Number(parent),
		group: Number(group),
		session: Number(session),
		started,
	};
}

/**
 * From `/proc`, synchronously: it is memory, and thousands of promises would cost more.
 *
 * @param own a process in the terminal's session: what is there is never apart
 */
export function linuxTable(marker: string, own: number): ProcessTable {
	const marks = new Map<string, boolean>();
	const ourSession = statOf(own)?.session;
	const rowOf = (pid: number): ProcessRow[] => {
		const stat = statOf(pid);
		if (stat === undefined) {
			return [];
		}
		const name = `${pid} ${stat.started}`;
		const marked = marks.get(name) ?? read(`/proc/${pid}/environ`).includes(marker);
		marks.set(name, marked);
		return [{...stat, marked}];
	};
	return {
		async rows() {
			const rows = readdirSync('/proc')
				.filter(name => /^\d+$/.test(name))
				.flatMap(name => rowOf(Number(name)));
			const there = new Set(rows.map(({pid, started}) => `${pid} ${started}`));
			for (const name of marks.keys()) {
				if (!there.has(name)) {
					marks.delete(name);
				}
			}
			return rows;
		},
		isApart({pid, session}) {
			return session !== ourSession && isOwnProgram(pid);
		},
		async signal(rows, signal) {
			for (const {pid, started} of rows) {
				if (statOf(pid)?.started === started) {
					try {
						process.kill(pid, signal);
					} catch {
						// It has ended just now, or is another user's.
					}
				}
			}
		},
	};
}

function statOf(pid: number): ReturnType<typeof parseStat> {
	const text = read(`/proc/${pid}/stat`);
	return text === '' ? undefined : parseStat(text);
}

function read(file: string): string {
	try {
		return readFileSync(file, 'latin1');
	} catch {
		return '';
	}
}

/** Browsers and editors: a dev server that opens one has not made it its own. */
const ownPrograms =
	/^(chrome|chromium|chromium-browser|google-chrome.*|firefox.*|msedge|brave|opera|vivaldi.*|epiphany|falkon|konqueror|code|code-insiders|codium|vscodium|cursor|windsurf|zed.*|sublime_text|gedit|kate|emacs.*|gvim|idea.*|webstorm.*|phpstorm.*|java)$/;
/** Run by a program, and not for a person. */
const driven = /--headless|--remote-debugging|-juggler|--marionette/;

function isOwnProgram(pid: number): boolean {
	let program = '';
	try {
		program = basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '');
	} catch {
		// Not ours to look at.
	}
	if (!ownPrograms.test(program)) {
		return false;
	}
	const line = read(`/proc/${pid}/cmdline`);
	// JetBrains' editors are Java programs, and so are many servers.
	return !driven.test(line) && (program !== 'java' || /jetbrains/i.test(line));
}
