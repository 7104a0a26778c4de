import {latin1} from '../codec/octets.js';
import {ConnectionError, errorCode} from './framing/errors.js';
import {readUint31} from './framing/integers.js';
import {readDictionary} from './structured-fields.js';

/** How a client wants a response to be sent (RFC 9218 section 4). */
export interface Priority {
	/** From 0, which goes before all, to 7. */
	readonly urgency: number;
	/** Whether a part of it is of use: such responses share what there is. */
	readonly incremental: boolean;
}

export const defaultPriority: Priority = {urgency: 3, incremental: false};

/** Longest value that is read, in octets: what clients say has ten, and to read thousands costs. */
const longest = 256;

/** What browsers send, read beforehand. */
const usual: ReadonlyMap<string, Priority> = new Map(
	Array.from({length: 8}, (_, urgency) => urgency).flatMap(urgency =>
		['', ', i', ',i'].map(more => [`u=${urgency}${more}`, {urgency, incremental: more !== ''}]),
	),
);

/**
 * Reads the value of a Priority field.
 *
 * @returns the defaults for what it does not say, or not properly; for all of it when it cannot be parsed, or
 * is longer than any client's
 */
export function readPriority(text: string): Priority {
	if (text === '' || text.length > longest) {
		return defaultPriority;
	}
	const before = usual.get(text);
	if (before !== undefined) {
		return before;
	}
	const members = readDictionary(text);
	const urgency = members?.get('u');
	const incremental = members?.get('i');
	const isUrgency = typeof urgency === 'number' && urgency >= 0 && urgency <= 7;
	return {
		urgency: isUrgency ? urgency : defaultPriority.urgency,
		incremental: typeof incremental === 'boolean' ? incremental : defaultPriority.incremental,
	};
}

/**
 * Reads the payload of PRIORITY_UPDATE (RFC 9218 section 7.1).
 *
 * @param end behind the payload, which has at least four octets
 * @throws ConnectionError when it is about no stream that a client can have opened
 */
export function readPriorityUpdate(
	bytes: Buffer,
	start: number,
	end: number,
): {readonly stream: number; readonly priority: Priority} {
	const stream = readUint31(bytes, start);
	if (stream % 2 === 0) {
		throw new ConnectionError(
			errorCode.protocolError,
			`PRIORITY_UPDATE is about stream ${stream}, which no client opens`,
		);
	}
	return {stream, priority: readPriority(latin1(bytes, start + 4, end))};
}
