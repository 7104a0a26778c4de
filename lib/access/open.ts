import type {AccessSettings, RuleTexts} from '../config/access.js';
import {Problems} from '../config/problems.js';
import type {Policy} from '../forward/seams.js';
import {exposureWarnings} from './exposure/exposure.js';
import type {ServedNames} from './names.js';
import type {PeerFinder} from './peers/find-peers.js';
import type {Rule} from './rules/rule.js';
import type {Secrets} from './secrets/secrets.js';
import type {Access} from './unrestricted.js';

/** Rules of one place, parsed. */
interface Rules {
	readonly allow: readonly Rule[];
	readonly deny: readonly Rule[];
}

/** What the next configuration can have in common with this one. */
interface Opened extends Access {
	readonly finder: PeerFinder | undefined;
	readonly secrets: Secrets | undefined;
}

/**
 * Compiles who may connect. What is not asked for is not loaded.
 *
 * @param names which are served
 * @param authority what client certificates are verified by, where they are asked for
 * @param previous what is in force
 * @throws ConfigError for rules and files that are wrong
 */
export async function openAccess(
	settings: AccessSettings,
	names: ServedNames,
	authority: string | undefined,
	previous: Access,
): Promise<Access> {
	const before: Partial<Opened> = previous;
	const {rules: all, secrets} = await readAll(settings, before.secrets);
	const [own, ...routes] = all;
	const rules = own ?? {allow: [], deny: []};
	const ruling = all.length === 0 ? undefined : await import('./rules/rules.js');
	const asksForPeers = ruling?.needPeers(all) ?? false;
	const finder = asksForPeers ? (before.finder ?? (await openFinder())) : undefined;
	finder?.hold();
	const {reachOf} = await import('./exposure/reach.js');
	const policies: Policy[] = [];
	if (ruling !== undefined && rules.allow.length + rules.deny.length > 0) {
		policies.push(ruling.rulesPolicy(rules.allow, rules.deny));
	}
	if (settings.mtls !== undefined) {
		const {certificatePolicy} = await import('./certificate.js');
		const {names, ca} = settings.mtls;
		policies.push(certificatePolicy({names, authority, isLocal: ca === undefined}));
	}
	if (settings.sameSiteOnly) {
		const {sameSitePolicy} = await import('./same-site/same-site.js');
		policies.push(sameSitePolicy(names.isAskedFor));
	}
	if (secrets !== undefined) {
		policies.push(secrets.policy);
	}
	const opened: Opened = {
		policies,
		entrance: {
			admit: ends => ruling?.refusalByAddress(rules.allow, rules.deny, ends.remoteAddress),
			identify: ends => finder?.find(ends).catch(asError),
		},
		asks: {peers: asksForPeers, certificate: authority},
		warnings: [
			...(secrets?.warnings ?? []),
			...(ruling?.warningsOf(all) ?? []),
			...exposureWarnings(settings),
		],
		link: secrets?.link,
		reach: addresses => reachOf(settings, addresses),
		routes: routes.map(({allow, deny}) =>
			ruling === undefined || allow.length + deny.length === 0
				? []
				: [ruling.rulesPolicy(allow, deny)],
		),
		close: () => finder?.release(),
		finder,
		secrets,
	};
	return opened;
}

/**
 * Checks who may connect, as far as that can be said without starting anything.
 *
 * @throws ConfigError as `openAccess`
 */
export async function checkAccess(settings: AccessSettings): Promise<void> {
	await readAll(settings, undefined);
}

async function readAll(settings: AccessSettings, before: Secrets | undefined) {
	const problems = new Problems();
	const rules = await readRules([settings.rules, ...settings.routes], problems);
	const secrets = await readSecrets(settings, before, problems);
	problems.settle();
	return {rules, secrets};
}

async function readRules(texts: readonly RuleTexts[], problems: Problems): Promise<Rules[]> {
	if (texts.every(({allow, deny}) => allow.length + deny.length === 0)) {
		return [];
	}
	const {parseRule} = await import('./rules/rule.js');
	return texts.map(({allow, deny, where}) => {
		const read = (kind: 'allow' | 'deny', each: readonly string[]) =>
			each.flatMap((text, index) => {
				const path = `${where}${kind}[${index}]`;
				return problems.attempt(path, () => parseRule(text, path)) ?? [];
			});
		return {allow: read('allow', allow), deny: read('deny', deny)};
	});
}

async function readSecrets(
	settings: AccessSettings,
	before: Secrets | undefined,
	problems: Problems,
): Promise<Secrets | undefined> {
	const {token, tokenFile, auth, authFile} = settings;
	const asked = [tokenFile, auth, authFile].some(each => each !== undefined) || token !== false;
	if (!asked) {
		return undefined;
	}
	const {openSecrets} = await import('./secrets/secrets.js');
	return problems.attempt(undefined, () => openSecrets(settings, before));
}

async function openFinder(): Promise<PeerFinder> {
	const {openPeerFinder} = await import('./peers/find-peers.js');
	return openPeerFinder();
}

function asError(error: unknown): Error {
	return error instanceof Error ? error : new Error(String(error));
}
