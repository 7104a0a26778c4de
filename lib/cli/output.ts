import type {WriteStream} from 'node:tty';
import type {styleText} from 'node:util';
import {ConfigError, type ExchangeReport, type Refusal, type Tunnel, UserError} from '../index.js';
import {printable} from '../printable.js';
import {shellWord} from '../shell-word.js';
import {trustHint} from './trust-hint.js';

type Style = Parameters<typeof styleText>[0];

/** Colours text for a stream that takes colours; NO_COLOR and FORCE_COLOR decide before it does. */
export function styled(style: Style, text: string, stream: WriteStream = process.stderr): string {
	const {NO_COLOR, FORCE_COLOR} = process.env;
	const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
	const refused = (NO_COLOR !== undefined && NO_COLOR !== '') || FORCE_COLOR === '0';
	const colours = forced || (!refused && stream.isTTY && stream.hasColors());
	if (!colours) {
		return text;
	}
	// An import would load more than a start without colours needs.
	const {styleText} = process.getBuiltinModule('node:util');
	return styleText(style, text, {validateStream: false});
}

/** Characters of a line that holds paths. */
const longest = 4000;

function say(line: string): void {
	process.stderr.write(`${line}\n`);
}

/**
 * Says on stdout what was asked for.
 *
 * @param line JSON, or text in which `printable` has escaped what comes from elsewhere
 */
export function result(line: string): void {
	process.stdout.write(`${line}\n`);
}

/** Says on stderr what should be known although nothing failed. */
export function warn(message: string): void {
	say(`${styled('yellow', 'warning:')} ${printable(message, longest)}`);
}

/** Says on stderr what goes on. */
export function note(message: string): void {
	say(styled('dim', printable(message, longest)));
}

/** Says on stderr what failed, and for each way out what to do. */
export function complain(message: string, hints: readonly string[]): void {
	say(`${styled('red', 'error:')} ${printable(message, longest)}`);
	for (const hint of hints) {
		say(`${styled('cyan', 'hint:')} ${printable(hint, longest)}`);
	}
}

/** Usage that cannot be right, whatever the machine is like. */
const usageCodes = new Set([
	'usage',
	'option-invalid',
	'config-invalid',
	'name-outside-constraints',
]);

/**
 * Says on stderr what failed and what to do next.
 *
 * @param verbose whether to add the stack
 * @returns the exit code: 2 for wrong usage, otherwise 1
 */
export function reportError(error: unknown, verbose: boolean): number {
	if (!(error instanceof UserError)) {
		const text = error instanceof Error ? error.message : String(error);
		say(`${styled('red', 'error:')} ${printable(text)}`);
		say(`${styled('cyan', 'hint:')} this is a fault of Sealport; --verbose shows where it lies`);
	} else if (error instanceof ConfigError) {
		for (const {path, message, hint} of error.problems) {
			complain(`${path}: ${message}`, hint === undefined ? [] : [hint]);
		}
	} else {
		complain(error.message, error.hint === undefined ? [] : [error.hint]);
	}
	if (verbose && error instanceof Error) {
		for (const line of (error.stack ?? '').split('\n')) {
			say(styled('dim', printable(line, longest)));
		}
	}
	return error instanceof UserError && usageCodes.has(error.code) ? 2 : 1;
}

/** The first line of `--json`. */
export function listeningEvent(tunnel: Tunnel): string {
	return eventOf('listening', tunnel);
}

/** A line of `--json` for a tunnel that has taken another configuration. */
export function reloadedEvent(tunnel: Tunnel): string {
	return eventOf('reloaded', tunnel);
}

function eventOf(event: string, tunnel: Tunnel): string {
	const {url, addresses, port, routes, caFile, reach, link} = tunnel;
	// What is undefined is left out.
	return JSON.stringify({event, url, addresses, port, routes, ca: caFile ?? null, reach, link});
}

/** Routes that are shown at a start; `sealport config` has them all. */
const mostRoutes = 10;

/**
 * The routes for people, one a line: the backend alone where it gets everything, else what each matches and
 * its backend, in columns.
 */
export function routeLines(routes: Tunnel['routes']): readonly string[] {
	const [first] = routes;
	if (first?.match === '/' && routes.length === 1) {
		return [first.backend];
	}
	const shown = routes.slice(0, mostRoutes).map(({match, backend}) => ({
		match: printable(match, 200),
		backend,
	}));
	const width = Math.max(...shown.map(({match}) => match.length));
	const more = routes.length - shown.length;
	return [
		...shown.map(({match, backend}) => `${match.padEnd(width)} -> ${backend}`),
		...(more > 0 ? [`and ${more} more`] : []),
	];
}

/** Addresses that stand for others. */
const wildcards: Readonly<Record<string, string>> = {
	'::': 'all addresses',
	'0.0.0.0': 'all IPv4 addresses',
};

function inWords(address: string): string {
	return wildcards[address] ?? address;
}

/** Says what is served, from where, and how clients come to trust it. */
export function announce(tunnel: Tunnel): void {
	const row = (label: string, text: string) =>
		say(`  ${styled('dim', label.padEnd(8))} ${printable(text, longest)}`);
	routeLines(tunnel.routes).forEach((line, index) => {
		row(index > 0 ? '' : line.includes(' -> ') ? 'routes' : 'backend', line);
	});
	if (!tunnel.routes.some(({match}) => match === '/')) {
		row('', 'and nothing for any other address: there is no route /');
	}
	row('address', `${tunnel.addresses.map(inWords).join(' and ')}, port ${tunnel.port}`);
	if (tunnel.reach !== undefined) {
		row('reach', tunnel.reach);
	}
	if (tunnel.link !== undefined) {
		row('open', tunnel.link);
	}
	if (tunnel.caFile !== undefined) {
		row('ca', tunnel.caFile);
		const trust = trustHint(tunnel.caFile);
		if (trust !== undefined) {
			row('trust', `${trust} (once, for every client; or for one:)`);
		}
		row('curl', `curl --cacert ${shellWord(tunnel.caFile)} ${tunnel.url}`);
		row('node', `NODE_EXTRA_CA_CERTS=${shellWord(tunnel.caFile)} node app.js`);
	}
	row('stop', 'Ctrl+C');
}

/** One line for an exchange. */
export function exchangeLine(report: ExchangeReport): string {
	const {version, method, host, target, complete, milliseconds, failure, status} = report;
	const what = `${printable(method, 20)} ${printable(host, 80)}${printable(target, 120)}`;
	const how =
		failure === undefined ? (complete ? '' : ', client left') : `, ${printable(failure.message)}`;
	return `${status ?? '---'} ${what} ${version} ${milliseconds.toFixed(0)} ms${how}`;
}

/** One line for what a policy has refused. */
export function refusalLine({who, what, policy, reason}: Refusal): string {
	return `${printable(what, 200)} from ${printable(who, 200)}: policy ${policy}: ${printable(reason)}`;
}

/** Says on stderr what a policy has refused. */
export function logRefusal(refusal: Refusal): void {
	say(`${styled('yellow', 'refused:')} ${refusalLine(refusal)}`);
}

/** Says on stderr what became of an exchange. */
export function logExchange(report: ExchangeReport): void {
	say(styled(report.failure === undefined ? 'dim' : 'red', exchangeLine(report)));
}
