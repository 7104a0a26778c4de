import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {connect as connectTcp} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {connect as connectTls} from 'node:tls';
import {sealportProgram} from '../helpers/cli.js';
import {reset} from '../helpers/reset.js';
import {until} from '../helpers/until.js';
import {startChangingBackend} from './changing-backend.js';
import {fetchGood} from './fetch-good.js';
import {mutate, requests, split} from './mutate.js';
import {type Random, randomFrom} from './random.js';

/** What a run of the fuzzer has done, and what it has left behind. */
export interface SocketRun {
	readonly connections: number;
	/** Resident memory in bytes, after the first connections and at the end. */
	readonly memory: readonly [before: number, after: number];
}

/** What a connection sends. */
export interface Attack {
	readonly pieces: readonly Buffer[];
	/** What it asks for by ALPN; without TLS it speaks in the clear. */
	readonly protocol: 'h2' | 'http/1.1' | 'no TLS';
}

/** How many connections are open at a time. */
const atOnce = 20;

/** Requests of HTTP/1.1 that are changed by chance. */
export function attackByHttp1(random: Random): Attack {
	const way = random.below(10);
	return {
		pieces: split(random, mutate(random, random.pick(requests), requests)).map(piece =>
			Buffer.from(piece, 'latin1'),
		),
		protocol: way === 0 ? 'no TLS' : way === 1 ? 'h2' : 'http/1.1',
	};
}

/**
 * Sends to a running Sealport, over TLS and in the clear, requests that are changed by chance, and has its
 * backend answer in the same way. After all of it the process has to be alive, and to serve.
 *
 * @param enough asked again and again whether so many connections will do
 * @param make makes what a connection sends
 * @throws Error when it does not serve any more, or keeps descriptors
 */
export async function fuzzSocket(
	seed: number,
	enough: (connections: number) => boolean,
	make: (random: Random) => Attack = attackByHttp1,
): Promise<SocketRun> {
	const random = randomFrom(seed);
	const backend = await startChangingBackend(random);
	const home = mkdtempSync(join(tmpdir(), 'sealport-fuzz-'));
	const child = spawn(
		process.execPath,
		[
			sealportProgram,
			String(backend.port),
			'--port',
			'0',
			'--json',
			'--certs',
			home,
			'--wait',
			'0',
		],
		{stdio: ['ignore', 'pipe', 'pipe']},
	);
	let stderr = '';
	child.stderr.on('data', chunk => {
		stderr += chunk;
	});
	try {
		const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
		const {port, ca: file} = JSON.parse(line) as {port: number; ca: string};
		child.stdout.resume();
		const ca = readFileSync(file, 'utf8');
		const serves = async () => {
			if (child.exitCode !== null || child.signalCode !== null) {
				throw new Error(`it has ended (${child.exitCode ?? child.signalCode}): ${stderr}`);
			}
			await fetchGood(port, ca).catch((error: unknown) => {
				throw new Error(`it does not serve: ${String(error)}\n${stderr}`);
			});
		};
		await serves();
		const openBefore = descriptors(child.pid);
		let connections = 0;
		let memoryBefore = residentMemory(child.pid);
		const work = async () => {
			while (!enough(connections)) {
				await attack(random, make(random), port, ca);
				if (++connections % 500 === 0) {
					// Its backend is in this process, which has a lot to do now.
					await serves().catch(serves).catch(serves);
				}
				if (connections === 2000) {
					memoryBefore = residentMemory(child.pid);
				}
			}
		};
		await Promise.all(Array.from({length: atOnce}, work));
		await serves();
		backend.letGo();
		await until('its descriptors are back', () => descriptors(child.pid) <= openBefore, 30_000);
		await serves();
		const memoryAfter = residentMemory(child.pid);
		child.kill();
		await until('it ends when it is told to', () => child.exitCode !== null, 30_000);
		return {connections, memory: [memoryBefore, memoryAfter]};
	} finally {
		child.kill('SIGKILL');
		backend.close();
		rmSync(home, {recursive: true, force: true});
	}
}

async function attack(
	random: Random,
	{pieces, protocol}: Attack,
	port: number,
	ca: string,
): Promise<void> {
	const tcp = connectTcp(port, '127.0.0.1');
	const socket =
		protocol === 'no TLS'
			? tcp
			: connectTls({
					socket: tcp,
					servername: 'localhost',
					ca,
					ALPNProtocols: [protocol],
				});
	tcp.on('error', () => undefined);
	socket.on('error', () => tcp.destroy());
	socket.resume();
	const patience = 20 + random.below(200);
	const closed = new Promise<void>(resolve => {
		tcp.once('close', () => resolve());
		// A socket that is reset while TLS is being put on it may never say that it has closed.
		setTimeout(resolve, patience + 1000).unref();
	});
	// Answered or not: a request may well wait for a rest that does not come.
	const leave = setTimeout(() => tcp.destroy(), patience);
	for (const piece of pieces.slice(0, 50)) {
		if (!socket.writable) {
			break;
		}
		await Promise.race([
			closed,
			new Promise<void>(resolve => socket.write(piece, () => resolve())),
		]);
		if (random.chance(0.02)) {
			random.chance(0.5) ? tcp.destroy() : reset(tcp, socket);
		}
	}
	if (random.chance(0.5)) {
		socket.end();
	}
	await closed;
	clearTimeout(leave);
}

// The specs' own helpers for these two declare tests as well, which a program cannot.

function descriptors(pid: number | undefined): number {
	return readdirSync(`/proc/${pid}/fd`).length;
}

function residentMemory(pid: number | undefined): number {
	return (
		1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
	);
}
