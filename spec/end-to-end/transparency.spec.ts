import {deepStrictEqual} from 'node:assert/strict';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {exchangeAll, type Seen, startScriptedByKey} from '../helpers/both-ways.js';
import {connections, type GeneratedConnection} from '../helpers/generated-exchanges.js';
import {type Way, ways} from '../helpers/odd-backend.js';
import type {Message} from '../helpers/read-messages.js';
import {startTunnel} from '../helpers/tunnel.js';

/** What belongs to one connection (RFC 9110 section 7.6.1), and what Sealport adds. */
const notCompared =
	/^(connection|keep-alive|proxy-connection|te|upgrade|transfer-encoding|x-forwarded-\w+):/i;

const nameOf = (line: string) => line.slice(0, line.indexOf(':')).toLowerCase();

/**
 * The fields that have to be the same, in their order, and over HTTP/2 in lower case. Node keeps the fields of
 * a request by name, in the message lane as in its client of HTTP/2, and so puts repeated ones side by side:
 * there, the order within each name is what counts (RFC 9110 section 5.3).
 */
function comparable(lines: readonly string[], {lane, version}: Way, kind: 'request' | 'response') {
	const isByName = kind === 'request' && (lane === 'message' || version === 'HTTP/2');
	const kept = lines.filter(line => !notCompared.test(line));
	if (!isByName && version === 'HTTP/1.1') {
		return kept;
	}
	const lower = kept.map(line => `${nameOf(line)}${line.slice(line.indexOf(':'))}`);
	if (!isByName) {
		return lower;
	}
	return lower
		.map((line, index) => ({line, index, name: nameOf(line)}))
		.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.index - b.index))
		.map(({line}) => line);
}

/** A request as the backend may see it either way: its version is that of the last connection. */
function request({start, fields, framing, body, trailers}: Message, way: Way) {
	// Node says of a PUT or POST without a body that it has none (RFC 9110 section 8.6).
	const isEmpty = way.lane === 'message' && framing === 'length' && body === '';
	return {
		start: start.replace(/ HTTP\/1\.\d$/, '').replace(/ \/\d+\?/, ' /?'),
		fields: comparable(fields, way, 'request').filter(
			line => !isEmpty || line !== 'content-length: 0',
		),
		framing: isEmpty ? 'none' : framing,
		body,
		trailers: comparable(trailers, way, 'request'),
	};
}

/**
 * A response as the client may see it either way. A body that ends with the connection comes in chunks to
 * HTTP/1.1; chunks come as such a body to HTTP/1.0, which has no trailers and no informational responses.
 */
function response({start, fields, framing, body, trailers}: Message, minor: 0 | 1, way: Way) {
	return {
		// HTTP/2 has no reason.
		start: way.version === 'HTTP/2' ? start.slice(9, 12) : start.slice(9),
		fields: comparable(fields, way, 'response'),
		framing: framing === 'chunks' || framing === 'close' ? 'open' : framing,
		body,
		trailers: minor === 0 ? [] : comparable(trailers, way, 'response'),
	};
}

function told({requests, responses}: Seen, {exchanges}: GeneratedConnection, way: Way) {
	let answered = 0;
	return {
		requests: requests.map(message => request(message, way)),
		responses: responses.flatMap(message => {
			const minor = exchanges[answered]?.minor ?? 1;
			const isInformational = /^HTTP\/1\.\d 1/.test(message.start);
			answered += isInformational ? 0 : 1;
			// Node has no socket for a response whose turn has not come: the message lane drops what would
			// inform about it.
			const isDropped = minor === 0 || (way.lane === 'message' && exchanges.length > 1);
			return isInformational && isDropped ? [] : [response(message, minor, way)];
		}),
	};
}

async function holds(t: ExecutionContext, way: Way, numRuns: number): Promise<void> {
	const backend = await startScriptedByKey();
	t.teardown(backend.close);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`, {lane: way.lane});
	const property = fc.asyncProperty(
		connections(way.version === 'HTTP/2' ? 'message' : way.lane),
		async connection => {
			const direct = told(await exchangeAll(backend, connection, undefined), connection, way);
			const through = told(
				await exchangeAll(backend, connection, {
					tunnel,
					version: way.version,
				}),
				connection,
				way,
			);
			deepStrictEqual(through, direct);
		},
	);
	// Left to itself, what fails would be made smaller for hours. It is told with its seed and path: `fc.assert(property, {seed, path})` does it again.
	await t.notThrowsAsync(
		fc.assert(property, {
			numRuns,
			includeErrorInReport: true,
			interruptAfterTimeLimit: 300_000,
			markInterruptAsFailure: true,
		}),
	);
}

for (const way of ways) {
	test(`${way.name}: both sides see what they would have seen without Sealport`, holds, way, 150);
}
