import {once} from 'node:events';
import {createServer, type RequestListener} from 'node:http';
import {Agent} from 'node:https';
import {setTimeout as pause} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {fetchHttp1} from '../helpers/fetch.js';
import {lastingAddress} from '../helpers/free-port.js';
import {onEachLane} from '../helpers/lanes.js';
import {descriptors, onLinux} from '../helpers/process.js';
import {until} from '../helpers/until.js';
import {wrap} from '../helpers/wrapped.js';

// A fifth of what is promised, so that it is over soon; SEALPORT_SPEC_FULL asks for the whole.
const rounds = process.env.SEALPORT_SPEC_FULL === undefined ? 20 : 100;

/** Answers after some milliseconds with the request's method, path and body, in two parts. */
const answer: RequestListener = (request, response) => {
	let text = `${request.method}${request.url}`;
	request.on('data', chunk => {
		text += chunk;
	});
	request.on('end', () => {
		response.setHeader('content-length', text.length);
		setTimeout(() => {
			response.write(text.slice(0, 4));
			setTimeout(() => response.end(text.slice(4)), text.length % 3);
		}, text.length % 7);
	});
};

/**
 * A backend that can be killed and started again on the same port. All its sockets are closed in the
 * midst of whatever they do, which is what the kernel does for a process that is killed.
 */
async function startMortal(t: ExecutionContext) {
	const {port, host} = lastingAddress();
	let server = createServer(answer);
	// Specs are threads of one process. What another of them starts holds this listener, too, until it has
	// become the other program: a few milliseconds in which the address is still taken.
	const start = () =>
		until('the backend listens again', () => {
			server = createServer(answer).listen(port, host);
			return once(server, 'listening').then(
				() => true,
				(error: NodeJS.ErrnoException) => {
					if (error.code === 'EADDRINUSE') {
						return false;
					}
					throw error;
				},
			);
		});
	const kill = async () => {
		server.close();
		server.closeAllConnections();
		await once(server, 'close');
	};
	await start();
	t.teardown(kill);
	return {route: `${host}:${port}`, start, kill};
}

interface Sent {
	readonly method: string;
	/** When it began and when it was over: odd while the backend is being killed, else twice the kills. */
	readonly kills: readonly [before: number, after: number];
	readonly status: number | 'broken off';
	readonly right: boolean;
}

onEachLane(onLinux)(
	`a backend killed and restarted ${rounds} times under load loses only what was in flight`,
	async t => {
		t.timeout(400_000);
		const backend = await startMortal(t);
		const wrapped = await wrap(t, backend.route, '--wait', '60', '--quiet');
		const before = descriptors(wrapped.pid);
		const agent = new Agent({keepAlive: true});
		const sent: Sent[] = [];
		let kills = 0;
		let enough = false;

		const ask = async (method: string, path: string) => {
			const began = kills;
			const body = method === 'POST' ? 'x'.repeat(path.length) : undefined;
			const options = {agent, method, ...(body === undefined ? {} : {body})};
			const [status, answer] = await fetchHttp1(wrapped, path, options).then(
				response => [response.status, response.body] as const,
				() => ['broken off', ''] as const,
			);
			const right = status !== 200 || answer === `${method}${path}${body ?? ''}`;
			sent.push({method, kills: [began, kills], status, right});
		};
		const load = async (client: number) => {
			for (let request = 0; !enough; request++) {
				const method = client % 4 === 3 ? 'POST' : 'GET';
				await ask(method, `/${client}/${'y'.repeat(request % 20)}${request}`);
			}
		};
		const clients = Array.from({length: 8}, (_, client) => load(client));
		t.teardown(async () => {
			enough = true;
			agent.destroy();
			await Promise.all(clients);
		});
		for (let round = 1; round <= rounds; round++) {
			const goal = sent.length + 10;
			await until('some requests are served', () => sent.length >= goal, 60_000);
			kills++;
			await backend.kill();
			kills++;
			await pause(round % 40);
			await backend.start();
		}
		enough = true;
		await Promise.all(clients);

		const failed = sent.filter(({status}) => status !== 200);
		const unharmed = failed.filter(({kills: [from, to]}) => from === to && from % 2 === 0);
		t.log(`${sent.length} requests, of which ${failed.length} failed`);
		t.deepEqual(
			unharmed.filter(({method}) => method === 'GET'),
			[],
		);
		t.true(sent.every(({right}) => right));
		t.true(failed.every(({status}) => status === 502 || status === 'broken off'));
		// No more than each client had under way at a kill.
		t.true(failed.length <= rounds * clients.length);
		t.is((await fetchHttp1(wrapped, '/after')).body, 'GET/after');
		agent.destroy();
		await until('nothing is left open', () => descriptors(wrapped.pid) <= before + 2);
		t.is(wrapped.run.child.exitCode, null);
	},
);
