import {basename, dirname} from 'node:path';
import type {WriteStream} from 'node:tty';
import {caName} from '../pki/store/authority-file.js';
import {type TrustVariables, trustVariables} from '../pki/trust/environment.js';
import {colourDepth} from './terminal.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable whose value marks all processes of a tree; of trees within trees, all of them. */
export const markerVariable = 'SEALPORT_RUN';

/** What a dev server is to know. */
export interface Surroundings {
	readonly port: number;
	/** Where browsers reach it. */
	readonly url: string;
	readonly marker: string;
	/** The file that clients are to trust; `undefined` with a certificate of the person's own. */
	readonly caFile: string | undefined;
	/** Where its output goes in the end. */
	readonly streams: readonly WriteStream[];
}

/**
 * The whole environment of a dev server: where to listen, where it is reached, what to trust, and the
 * colours of the terminal that it does not see.
 *
 * @param env ours
 */
export async function childEnvironment(
	{port, url, marker, caFile, streams}: Surroundings,
	env: Environment,
): Promise<TrustVariables> {
	const {variables, warnings} = await trusting(caFile, env);
	const outer = env[markerVariable];
	const depth =
		env.NO_COLOR === undefined && env.FORCE_COLOR === undefined ? colourDepth(streams) : undefined;
	return {
		variables: {
			...variables,
			PORT: String(port),
			HOST: '127.0.0.1',
			SEALPORT_URL: url,
			[markerVariable]: outer === undefined ? marker : `${outer},${marker}`,
			...(depth === undefined ? {} : {FORCE_COLOR: depth}),
			// Else Python keeps back what it prints to a pipe, such as where it listens.
			...(env.PYTHONUNBUFFERED === undefined ? {PYTHONUNBUFFERED: '1'} : {}),
		},
		warnings,
	};
}

async function trusting(caFile: string | undefined, env: Environment): Promise<TrustVariables> {
	if (caFile !== undefined && basename(caFile) === caName) {
		return trustVariables(dirname(caFile), env);
	}
	const isFree = caFile !== undefined && !env.NODE_EXTRA_CA_CERTS;
	return {variables: isFree ? {NODE_EXTRA_CA_CERTS: caFile} : {}, warnings: []};
}
