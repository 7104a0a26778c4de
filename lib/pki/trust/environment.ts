import {fingerprintOf} from '../root.js';
import {openAuthority} from '../store/open-authority.js';
import {storedRoots} from '../store/stored-roots.js';
import {originOf, writeBundle} from './environment/bundle.js';
import {javaOptions} from './environment/java-options.js';
import {writeJavaStore} from './environment/java-store.js';
import {certificatesOf, type Roots, systemRoots} from './environment/system-roots.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that make programs trust the authority. */
export interface TrustVariables {
	/** By name. */
	readonly variables: Readonly<Record<string, string>>;
	/** What a person should know, in sentences without a full stop. */
	readonly warnings: readonly string[];
}

/** Variables whose file stands in place of the system's roots, each with those that stand in for it. */
const whole: ReadonlyArray<readonly [name: string, ...others: string[]]> = [
	['SSL_CERT_FILE'],
	['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'],
	['CURL_CA_BUNDLE', 'SSL_CERT_FILE'],
	['GIT_SSL_CAINFO'],
];

/** Variables whose file is trusted besides the roots that the program brings along. */
const extra = ['NODE_EXTRA_CA_CERTS', 'DENO_CERT'];

/**
 * The variables under which Node.js, Deno, OpenSSL, Python, curl, git, Go and Java trust the authority
 * of a store, and what they trusted before: certificates that the environment names already are taken
 * along. Makes the authority where there is none, and writes the files that the variables name.
 *
 * @param directory of the store, absolute
 * @param env the environment that the variables are for
 * @throws UserError `store-unusable`
 */
export async function trustVariables(directory: string, env: Environment): Promise<TrustVariables> {
	const {authority, caFile, warnings: known} = await openAuthority(directory);
	const {root} = authority;
	const warnings = [...known];
	const variables: Record<string, string> = {};
	const replaced = new Set(
		storedRoots(directory)
			.map(({fingerprint}) => fingerprint)
			.filter(fingerprint => fingerprint !== fingerprintOf(root)),
	);
	const current = (roots: Roots): Roots => ({
		...roots,
		certificates: roots.certificates.filter(each => !replaced.has(fingerprintOf(each))),
	});
	const system = current(systemRoots());
	const plain = writeBundle(directory, root, system, true);
	const add = (name: string, given: string | undefined, otherwise: string) => {
		const origin = given === undefined ? undefined : originOf(directory, given);
		if (origin === undefined) {
			variables[name] = otherwise;
		} else if (origin === system.file) {
			variables[name] = plain.path;
		} else {
			const certificates = certificatesOf(origin);
			if (certificates.length === 0) {
				warnings.push(
					`${name} is left as it is, since no certificate can be read from ${origin}; unset it to have it set here`,
				);
				return;
			}
			const roots = current({file: origin, certificates});
			const {path} = writeBundle(directory, root, roots, false);
			variables[name] = path;
		}
	};
	for (const name of extra) {
		add(name, set(env, name), caFile);
	}
	for (const names of whole) {
		const given = names.map(name => set(env, name)).find(value => value !== undefined);
		add(names[0], given, plain.path);
	}
	const given = set(env, 'JAVA_TOOL_OPTIONS');
	const store = await writeJavaStore(directory, plain.certificates);
	const options = javaOptions(given, store);
	if (options === undefined) {
		warnings.push(
			`JAVA_TOOL_OPTIONS is left as it is, since it names another trust store: import ${caFile} there with keytool -importcert`,
		);
	} else {
		variables.JAVA_TOOL_OPTIONS = options;
	}
	return {variables, warnings};
}

/** An empty variable counts as not set. */
function set(env: Environment, name: string): string | undefined {
	return env[name] === '' ? undefined : env[name];
}
