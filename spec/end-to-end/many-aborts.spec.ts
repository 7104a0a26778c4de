import {once} from 'node:events';
import {connect} from 'node:tls';
import {abandon, departures, times} from '../helpers/abandon.js';
import {startRawBackend} from '../helpers/backend.js';
import type {Endpoint} from '../helpers/endpoint.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {descriptors, onLinux} from '../helpers/process.js';
import {until} from '../helpers/until.js';
import {onEachVersion} from '../helpers/versions.js';
import {agreeTo, askFor} from '../helpers/websocket-upgrade.js';
import {wrap} from '../helpers/wrapped.js';

/** What the backend does for each path. */
const answers: Readonly<Record<string, string>> = {
	'/whole': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
	'/refused': 'HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\nhalf',
	'/half': 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf',
	'/chunks': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf',
	'/hold': '',
};

const host = 'Host: localhost\r\n';
const get = (path: string) => `GET ${path} HTTP/1.1\r\n${host}\r\n`;
const upload = (path: string) => `POST ${path} HTTP/1.1\r\n${host}Content-Length: 9\r\n\r\nhalf`;

/** What a client sends, and whether it waits for an answer to begin before it leaves. */
const stages: ReadonlyArray<readonly [text: string, waits: boolean]> = [
	['GET / HTT', false],
	[get('/hold'), false],
	[get('/half'), true],
	[get('/chunks'), true],
	[upload('/hold'), false],
	[upload('/half'), true],
	[get('/whole') + get('/hold'), true],
	[askFor('/hold'), false],
	[askFor('/refused'), true],
	[askFor('/switch'), true],
	[`${askFor('/switch')}early`, true],
];

/** A session by which further handshakes cost little. */
async function sessionOf({port, ca}: Endpoint): Promise<Buffer> {
	const socket = connect({host: '127.0.0.1', port, servername: 'localhost', ca});
	const [session] = await once(socket, 'session');
	socket.destroy();
	return session;
}

// A twentieth of what is promised, so that it is over soon; SEALPORT_SPEC_FULL asks for the whole.
const count = process.env.SEALPORT_SPEC_FULL === undefined ? 500 : 10_000;

onEachVersion(onLinux)(
	`${count} aborted requests and upgrades leave no descriptor, neither here nor at the backend`,
	async t => {
		t.timeout(170_000);
		const {port, open} = await startRawBackend(t, socket => {
			socket.once('data', head => {
				const path = String(head).split(' ')[1] ?? '';
				socket.write(path === '/switch' ? agreeTo(head) : (answers[path] ?? ''));
				socket.resume();
			});
		});
		const wrapped = await wrap(t, port);
		const before = descriptors(wrapped.pid);
		const session = await sessionOf(wrapped);
		const leaving = Object.values(departures);
		await times(count, async index => {
			const [text, waits] = stages[index % stages.length] ?? ['', false];
			const leave = leaving[Math.floor(index / stages.length) % leaving.length];
			const begun = (received: string) => received.includes('\r\n\r\n');
			await abandon(
				t,
				{...wrapped, session},
				text,
				leave ?? (tls => tls.end()),
				...(waits ? [begun] : []),
			);
		});
		await until('the backend is let go of', () => open.size === 0);
		await until('all descriptors are back', () => descriptors(wrapped.pid) <= before);
		t.is((await fetchHttp1(wrapped, '/whole')).body, 'ok');
		t.is(wrapped.run.stderr, '');
	},
);
