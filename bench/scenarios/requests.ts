import {lengths} from '../backend/bodies.js';
import type {Counts} from '../backend/counts.js';
import {h2load, type Pattern} from '../load/h2load.js';
import type {Load} from '../load/load.js';
import {ownLoad} from '../load/own.js';
import type {Endpoint} from '../peers/running.js';
import {cpuScenario} from './cpu.js';
import type {Costs} from './sample.js';
import type {Scenario} from './scenario.js';

const requests = ({requests}: Counts): number => requests;

/** h2load, or our own generator where h2load would come to a stop. */
const load = async (to: Endpoint, pattern: Pattern, seconds: number): Promise<Load> =>
	to.closesClients
		? ownLoad('requests-process.js', to, pattern.connections, pattern.paths)
		: h2load(to, pattern, seconds);

const small = (name: string, title: string, pattern: Pattern): Scenario =>
	cpuScenario({
		name,
		title,
		traffic: pattern.protocol,
		unit: 'µs a request',
		scale: 1e6,
		connections: pattern.connections,
		units: requests,
		load: (to, seconds) => load(to, pattern, seconds),
	});

const paths = ['/small'];

const manyPaths = Array.from({length: 12}, (_, at) => `/small/${'segment/'.repeat(at)}?page=${at}`);

/** Small requests, over both versions of HTTP. */
export const smallRequests: readonly Scenario[] = [
	small('small-h1', 'HTTP/1.1, 36-byte body, 64 connections', {
		protocol: 'h1',
		connections: 64,
		streams: 1,
		paths,
	}),
	small('small-h1-paths', 'the same, each request for another of 12 paths', {
		protocol: 'h1',
		connections: 64,
		streams: 1,
		paths: manyPaths,
	}),
	small('small-h2', 'HTTP/2, 36-byte body, 8 connections of 16 streams', {
		protocol: 'h2',
		connections: 8,
		streams: 16,
		paths,
	}),
	small('small-h2-paths', 'the same, each request for another of 12 paths', {
		protocol: 'h2',
		connections: 8,
		streams: 16,
		paths: manyPaths,
	}),
	small('small-h2-100', 'HTTP/2, 36-byte body, 1 connection of 100 streams', {
		protocol: 'h2',
		connections: 1,
		streams: 100,
		paths,
	}),
	small('small-h2-1', 'the same, 1 connection, one stream at a time', {
		protocol: 'h2',
		connections: 1,
		streams: 1,
		paths,
	}),
];

const body = (
	name: string,
	pattern: Pattern,
	costs: Pick<Costs, 'title' | 'unit' | 'scale' | 'units'>,
): Scenario =>
	cpuScenario({
		...costs,
		name,
		traffic: pattern.protocol,
		connections: pattern.connections,
		load: (to, seconds) => load(to, pattern, seconds),
	});

const perRequest = {unit: 'µs a request', scale: 1e6, units: requests};

const perBody = {
	unit: 'ms a body',
	scale: 1e3,
	units: ({bytes}: Counts) => bytes / lengths['64m'],
};

/** Larger bodies, over both versions of HTTP. */
export const bodies: readonly Scenario[] = [
	body(
		'100k',
		{protocol: 'h1', connections: 16, streams: 1, paths: ['/100k']},
		{title: 'HTTP/1.1, 100 KB body, 16 connections', ...perRequest},
	),
	body(
		'100k-h2',
		{protocol: 'h2', connections: 4, streams: 4, paths: ['/100k']},
		{title: 'HTTP/2, 100 KB body, 4 connections of 4 streams', ...perRequest},
	),
	body(
		'64m',
		{protocol: 'h1', connections: 4, streams: 1, paths: ['/64m']},
		{title: 'HTTP/1.1, 64 MB body, 4 connections', ...perBody},
	),
	body(
		'64m-h2',
		{protocol: 'h2', connections: 2, streams: 2, paths: ['/64m']},
		{title: 'HTTP/2, 64 MB body, 2 connections of 2 streams', ...perBody},
	),
];
