import {once} from 'node:events';
import {connect as connectTls} from 'node:tls';
import {createDialer} from '../backend/dial.js';
import {ProxyError} from '../errors.js';
import type {Backend} from '../forward/seams.js';
import type {Check, Finding} from './finding.js';
import {answers} from './port.js';

const name = 'backend';
const loopbacks = ['127.0.0.1', '::1'];
/** Milliseconds. */
const patience = 10_000;

/** A backend that was named: whether it is up, on which addresses, and whether it speaks plain HTTP. */
export const checkBackend: Check = async what => {
	const {backend, signal} = what;
	if (backend === undefined) {
		return [];
	}
	try {
		const up = await addressesOf(backend, signal);
		const elsewhere = otherLoopback(backend, up);
		if (elsewhere !== undefined) {
			return [elsewhere];
		}
		const answer = await (backend.protocol === 'h2c' ? speakHttp2 : speak)(backend, signal);
		return [answer.verdict === 'ok' ? oneFamily(backend, up, answer) : answer];
	} catch (error) {
		if (!(error instanceof ProxyError)) {
			throw error;
		}
		return [{name, verdict: 'failed', detail: error.message, hint: error.hint}];
	}
};

/** On which loopback addresses its port is taken; empty for other hosts and for Unix sockets. */
async function addressesOf(backend: Backend, signal: AbortSignal): Promise<readonly string[]> {
	if (backend.kind === 'unix' || ![...loopbacks, 'localhost'].includes(backend.host)) {
		return [];
	}
	const {port} = backend;
	const up = await Promise.all(loopbacks.map(address => answers(port, address, signal)));
	return loopbacks.filter((_, index) => up[index]);
}

function otherLoopback(backend: Backend, up: readonly string[]): Finding | undefined {
	if (backend.kind === 'unix' || !loopbacks.includes(backend.host)) {
		return undefined;
	}
	const [other] = up.filter(address => address !== backend.host);
	return other === undefined || up.includes(backend.host)
		? undefined
		: {
				name,
				verdict: 'failed',
				detail: `nothing listens on ${backend.host}, port ${backend.port}, but something does on ${other}`,
				hint: `name it by its port alone, ${backend.port}: it is then found on either address`,
			};
}

function oneFamily(backend: Backend, up: readonly string[], answer: Finding): Finding {
	if (backend.kind === 'unix' || backend.host !== 'localhost' || up.length !== 1) {
		return answer;
	}
	return {...answer, detail: `${answer.detail}, on ${up[0]} only`};
}

/** Asks it for the head of a page, and looks in which language the answer is. */
async function speak(backend: Backend, signal: AbortSignal): Promise<Finding> {
	const host = backend.label.replace(/^http:\/\/([^/]*).*$/, '$1');
	const answer = await ask(
		backend,
		signal,
		`HEAD ${backend.base}/ HTTP/1.1\r\nHost: ${backend.kind === 'unix' ? 'localhost' : host}\r\nConnection: close\r\n\r\n`,
		said => said.includes('\n'),
	);
	const [, status] = /^HTTP\/1\.\d (\d{3})/.exec(answer) ?? [];
	// What speaks HTTPS may answer a plain request with 400, too.
	if (status !== undefined && status !== '400') {
		return ok(backend, status);
	}
	if (await speaksTls(backend, signal)) {
		return {
			name,
			verdict: 'failed',
			detail: `${backend.label} speaks HTTPS itself`,
			hint: 'turn its HTTPS off, for Sealport adds that; or use it without Sealport',
		};
	}
	return status === undefined
		? {
				name,
				verdict: 'failed',
				detail: `${backend.label} takes connections, but does not answer in HTTP within ${patience / 1000} seconds`,
				hint: 'see what listens there, and what it logs',
			}
		: ok(backend, status);
}

/** Begins as HTTP/2 does, and looks whether it is answered so: by SETTINGS (RFC 9113 section 3.4). */
async function speakHttp2(backend: Backend, signal: AbortSignal): Promise<Finding> {
	const settings = '\0\0\0\x04\0\0\0\0\0';
	const question = `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${settings}`;
	const answer = await ask(backend, signal, question, said => said.length >= settings.length);
	if (/^...\x04.\0\0\0\0/s.test(answer)) {
		return {name, verdict: 'ok', detail: `${backend.label} answers in HTTP/2`};
	}
	return {
		name,
		verdict: 'failed',
		detail: `${backend.label} takes connections, but does not answer in HTTP/2 without TLS`,
		hint: 'if it speaks HTTP/1.1, name it with http://',
	};
}

/** Says something to it. @returns what it said until that is enough, it broke off, or it took too long */
async function ask(
	backend: Backend,
	signal: AbortSignal,
	question: string,
	isEnough: (answer: string) => boolean,
): Promise<string> {
	const dialer = createDialer({wait: 0, connect: patience});
	const socket = await dialer.dial(backend, signal);
	socket.on('error', () => undefined);
	socket.setTimeout(patience, () => socket.destroy());
	socket.write(question, 'latin1');
	let answer = '';
	try {
		for await (const chunk of socket) {
			answer += chunk.toString('latin1');
			if (isEnough(answer)) {
				break;
			}
		}
	} catch {
		// It broke off: what it has said by then has to do.
	} finally {
		socket.destroy();
	}
	return answer;
}

function ok({label}: Backend, status: string): Finding {
	return {name, verdict: 'ok', detail: `${label} answers (HTTP status ${status})`};
}

async function speaksTls(backend: Backend, signal: AbortSignal): Promise<boolean> {
	const dialer = createDialer({wait: 0, connect: patience});
	const socket = await dialer.dial(backend, signal);
	// Nothing is sent through it: whose certificate it is makes no difference.
	const secure = connectTls({socket, rejectUnauthorized: false});
	secure.on('error', () => undefined);
	socket.setTimeout(patience, () => secure.destroy());
	try {
		return await Promise.race([
			once(secure, 'secureConnect').then(() => true),
			once(secure, 'close').then(() => false),
		]);
	} catch {
		return false;
	} finally {
		secure.destroy();
		socket.destroy();
	}
}
