import {statSync} from 'node:fs';
import {parseStat} from '../../../run/tree/linux.js';
import {networkOf} from './networks.js';
import {linkAt, readShort} from './read.js';

/** What is known of a process. */
export interface ProcessFacts {
	readonly pid: number;
	/** Its real and effective users, which differ while a set-user-ID program runs. */
	readonly users: readonly number[];
	readonly executable: string | undefined;
	/** Its pid and those of its ancestors, itself first. */
	readonly lineage: readonly number[];
	/** When each of them started, in ticks since the machine did: with that a pid is unique. */
	readonly started: readonly string[];
	readonly netns: string | undefined;
	readonly container: string | undefined;
}

/** Returns `undefined` for a process that is gone. */
export function readFacts(pid: number): ProcessFacts | undefined {
	const users = usersOf(pid);
	const ancestry = ancestryOf(pid);
	if (users === undefined || ancestry.lineage.length === 0) {
		return undefined;
	}
	return {
		pid,
		...ancestry,
		users,
		executable: executableOf(pid),
		netns: networkOf(pid),
		container: containerIn(readShort(`/proc/${pid}/cgroup`) ?? ''),
	};
}

/** Whether a process is still the same, and runs the same program for the same users. */
export function isSame(facts: ProcessFacts): boolean {
	const {pid} = facts;
	return (
		statOf(pid)?.started === facts.started[0] &&
		executableOf(pid) === facts.executable &&
		usersOf(pid)?.join() === facts.users.join()
	);
}

function statOf(pid: number) {
	return parseStat(readShort(`/proc/${pid}/stat`) ?? '');
}

function usersOf(pid: number): number[] | undefined {
	const found = /^Uid:\t(\d+)\t(\d+)/m.exec(readShort(`/proc/${pid}/status`) ?? '');
	return found === null ? undefined : [...new Set([Number(found[1]), Number(found[2])])];
}

/**
 * The path of what a process runs, if that is the file which everybody finds there: not one that has been
 * deleted or replaced, nor one that lies there only as the process sees it, in a container.
 */
export function executableOf(pid: number): string | undefined {
	const path = linkAt(`/proc/${pid}/exe`);
	if (path === undefined || !path.startsWith('/')) {
		return undefined;
	}
	try {
		const options = {bigint: true, throwIfNoEntry: false} as const;
		const running = statSync(`/proc/${pid}/exe`, options);
		const there = statSync(path, options);
		const isThere =
			running !== undefined && running.dev === there?.dev && running.ino === there.ino;
		return isThere ? path : undefined;
	} catch {
		return undefined;
	}
}

/** Follows parents. One that is younger than its child has the number of one that is gone. */
function ancestryOf(pid: number): Pick<ProcessFacts, 'lineage' | 'started'> {
	const lineage: number[] = [];
	const started: string[] = [];
	let next = pid;
	while (next > 0 && !lineage.includes(next)) {
		const stat = statOf(next);
		const child = started.at(-1);
		if (stat === undefined || (child !== undefined && Number(stat.started) > Number(child))) {
			break;
		}
		lineage.push(next);
		started.push(stat.started);
		next = stat.parent;
	}
	return {lineage, started};
}

/**
 * The container that a process is in, by the names that Docker, Podman, containerd and CRI-O give to control
 * groups: `/docker/<id>`, `docker-<id>.scope`, `libpod-<id>.scope`, `cri-containerd-<id>.scope`, `crio-<id>.scope`.
 *
 * @param cgroups `/proc/PID/cgroup`: `hierarchy:controllers:path` a line (cgroups(7))
 */
export function containerIn(cgroups: string): string | undefined {
	for (const line of cgroups.split('\n')) {
		const path = line.split(':').slice(2).join(':');
		// The outermost: within its own groups a container may make more, by any name.
		for (const part of path.split('/')) {
			const id = /^(?:[a-z-]+-)?([0-9a-f]{64})(?:\.scope)?$/.exec(part)?.[1];
			if (id !== undefined) {
				return id;
			}
		}
	}
	return undefined;
}
