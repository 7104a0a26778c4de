import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {findProgram, isRoot} from './find-program.js';
import {npmPackage} from './npm.js';
import type {Command, Peer} from './peer.js';

/** Oldest major version of Node that it runs on. */
const needed = 24;

/**
 * Takes away what root could do with it: it would listen on port 80 as well. Elsewhere it tries and goes
 * on without.
 */
const withoutLowPorts = ({program, args, env = {}}: Command): Command => {
	const setpriv = isRoot ? findProgram('setpriv') : undefined;
	return setpriv === undefined
		? {program, args, env}
		: {
				program: setpriv,
				args: [
					'--inh-caps=-net_bind_service',
					'--bounding-set=-net_bind_service',
					program,
					...args,
				],
				env,
			};
};

/**
 * portless, with what it keeps in a folder of its own, and without the things it does to a machine:
 * /etc/hosts and trust stores stay as they are.
 *
 * @param node a Node that is new enough for it
 */
export const portless = (node: string): Peer => ({
	name: 'portless',
	warmsUp: true,
	carries: ['h1', 'h2', 'websocket'],
	host: 'bench.localhost',
	find() {
		const version = execFileSync(node, ['--version'], {encoding: 'utf8'}).trim().slice(1);
		if (Number.parseInt(version, 10) < needed) {
			return {missing: `needs Node ${needed} or later: --newer-node <path>`};
		}
		const found = npmPackage('portless');
		if (found === undefined) {
			return {missing: 'not installed: npm had no network'};
		}
		const program = join(found.folder, 'dist', 'cli.js');
		return {
			version: `portless ${found.version}, Node ${version}`,
			settings: 'defaults; has no keep-alive to the backend',
			command({port, backendPort, folder, certificate}) {
				const env = {HOME: folder, PORTLESS_STATE_DIR: folder, PORTLESS_SYNC_HOSTS: '0', CI: '1'};
				execFileSync(node, [program, 'alias', 'bench', `${backendPort}`], {
					env: {...process.env, ...env},
					stdio: 'ignore',
				});
				return withoutLowPorts({
					program: node,
					args: [
						program,
						...['proxy', 'start', '--foreground', '--skip-trust', '--port', `${port}`],
						...['--cert', certificate.chain, '--key', certificate.key],
					],
					env,
				});
			},
		};
	},
});
