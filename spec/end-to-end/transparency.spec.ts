import {deepStrictEqual} from 'node:assert/strict';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {type LaneName, laneNames} from '../../lib/config/options.js';
import {exchangeAll, type Seen, startScriptedByKey} from '../helpers/both-ways.js';
import {connections, type GeneratedConnection} from '../helpers/generated-exchanges.js';
import type {Message} from '../helpers/read-messages.js';
import {startTunnel} from '../helpers/tunnel.js';

/** What belongs to one connection (RFC 9110 section 7.6.1), and what Sealport adds. */
const notCompared =
	/^(connection|keep-alive|proxy-connection|te|upgrade|transfer-encoding|x-forwarded-\w+):/i;

const nameOf = (line: string) => line.slice(0, line.indexOf(':')).toLowerCase();

/**
 * The fields that have to be the same, in their order. The message lane puts repeated fields of a request
 * side by side, under the first one's casing, since Node keeps them by name: there, the order within each
 * name is what counts (RFC 9110 section 5.3).
 */
function comparable(lines: readonly string[], lane: LaneName, kind: 'request' | 'response') {
	const kept = lines.filter(line => !notCompared.test(line));
	if (lane === 'wire' || kind === 'response') {
		return kept;
	}
	return kept
		.map(line => `${nameOf(line)}${line.slice(line.indexOf(':'))}`)
		.map((line, index) => ({line, index, name: nameOf(line)}))
		.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.index - b.index))
		.map(({line}) => line);
}

/** A request as the backend may see it either way: its version is that of the last connection. */
function request({start, fields, framing, body, trailers}: Message, lane: LaneName) {
	// Node says of a PUT or POST without a body that it has none (RFC 9110 section 8.6).
	const isEmpty = lane === 'message' && framing === 'length' && body === '';
	return {
		start: start.replace(/ HTTP\/1\.\d$/, '').replace(/ \/\d+\?/, ' /?'),
		fields: comparable(fields, lane, 'request').filter(
			line => !isEmpty || line !== 'content-length: 0',
		),
		framing: isEmpty ? 'none' : framing,
		body,
		trailers: comparable(trailers, lane, 'request'),
	};
}

/**
 * A response as the client may see it either way. A body that ends with the connection comes in chunks to
 * HTTP/1.1; chunks come as such a body to HTTP/1.0, which has no trailers and no informational responses.
 */
function response({start, fields, framing, body, trailers}: Message, minor: 0 | 1, lane: LaneName) {
	return {
		start: start.slice('HTTP/1.1 '.length),
		fields: comparable(fields, lane, 'response'),
		framing: framing === 'chunks' || framing === 'close' ? 'open' : framing,
		body,
		trailers: minor === 0 ? [] : comparable(trailers, lane, 'response'),
	};
}

function told({requests, responses}: Seen, {exchanges}: GeneratedConnection, lane: LaneName) {
	let answered = 0;
	return {
		requests: requests.map(message => request(message, lane)),
		responses: responses.flatMap(message => {
			const minor = exchanges[answered]?.minor ?? 1;
			const isInformational = /^HTTP\/1\.\d 1/.test(message.start);
			answered += isInformational ? 0 : 1;
			// Node has no socket for a response whose turn has not come: the message lane drops what would
			// inform about it.
			const isDropped = minor === 0 || (lane === 'message' && exchanges.length > 1);
			return isInformational && isDropped ? [] : [response(message, minor, lane)];
		}),
	};
}

async function holds(t: ExecutionContext, lane: LaneName, numRuns: number): Promise<void> {
	const backend = await startScriptedByKey();
	t.teardown(backend.close);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`, {lane});
	const property = fc.asyncProperty(connections(lane), async connection => {
		const direct = told(await exchangeAll(backend, connection, undefined), connection, lane);
		const through = told(await exchangeAll(backend, connection, tunnel), connection, lane);
		deepStrictEqual(through, direct);
	});
	// What fails is told with its seed and path: `fc.assert(property, {seed, path})` does it again.
	await t.notThrowsAsync(fc.assert(property, {numRuns, includeErrorInReport: true}));
}

for (const lane of laneNames) {
	test(`${lane}: both sides see what they would have seen without Sealport`, holds, lane, 150);
}
