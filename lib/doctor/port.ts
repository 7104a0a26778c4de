import {connect} from 'node:net';
import {describeHolder, findHolder} from '../listener/holder.js';
import {outgoingPorts} from '../listener/outgoing-ports.js';
import {explainListenFailure} from '../listener/port-taken.js';
import type {Check, Finding} from './finding.js';

/** Milliseconds: who asks the doctor can wait longer for an answer than who wants to start. */
const patience = 10_000;

/** The port that Sealport would listen on: whether somebody else has it. It is asked for and not taken. */
export const checkPort: Check = async ({port, signal}) => {
	if (port === undefined) {
		return [];
	}
	const name = 'port';
	let sealport: Finding | undefined;
	for (const address of ['127.0.0.1', '::1']) {
		const holder = await findHolder(port, address, patience);
		if (holder?.sealport) {
			const detail = `${port}: ${describeHolder(holder)} serves there`;
			sealport ??= {name, verdict: 'ok', detail};
		} else if (holder !== undefined || (await answers(port, address, signal))) {
			const cause = Object.assign(new Error('in use'), {code: 'EADDRINUSE'});
			const outgoing = await outgoingPorts();
			const {platform} = process;
			const {message, hint} = explainListenFailure({
				...{port, address, cause, holder, outgoing, platform},
			});
			return [{name, verdict: 'failed', detail: message, hint}];
		}
	}
	return [sealport ?? {name, verdict: 'ok', detail: `${port} is free`}];
};

/**
 * Whether somebody takes connections there: what the system does not tell of other users' programs.
 *
 * @param signal gives up at once
 */
export function answers(port: number, host: string, signal: AbortSignal): Promise<boolean> {
	return new Promise(resolve => {
		const socket = connect({port, host, signal});
		const end = (answer: boolean) => {
			clearTimeout(timer);
			socket.destroy();
			resolve(answer);
		};
		const timer = setTimeout(end, patience, false);
		socket.once('connect', () => end(true));
		socket.on('error', () => end(false));
	});
}
