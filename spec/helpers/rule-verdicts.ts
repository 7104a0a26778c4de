import test from 'ava';
import {matches, mayMatch, parseRule} from '../../lib/access/rules/rule.js';
import {UserError} from '../../lib/errors.js';
import type {Client} from '../../lib/forward/seams.js';
import {type PaperFiles, paperSystem} from './paper-system.js';
import {heldBy, peer} from './peers.js';

const passwd = `root:x:0:0:root:/root:/bin/bash
alice:x:1001:1001::/home/alice:/bin/sh
bob:x:1002:1002::/home/bob:/bin/sh
`;

/** The files of a machine. */
export const files: PaperFiles = {
	'/etc/passwd': {text: passwd},
	'/usr/bin/curl': {text: '\x7fELF'},
	'/usr/bin/python3': {leadsTo: '/usr/bin/python3.11'},
	'/usr/bin/python3.11': {text: '\x7fELF'},
	'/usr/bin/pip': {text: '#! /usr/bin/python3 -E\n'},
	'/usr/bin': {isFolder: true},
	'/usr': {isFolder: true},
	'/usr/': {leadsTo: '/usr'},
	'/bin': {leadsTo: '/usr/bin'},
	'/bin/': {leadsTo: '/usr/bin'},
	'/usr/bin/': {leadsTo: '/usr/bin'},
	'/': {isFolder: true},
	'/opt/a,b/tool': {},
	'/opt/a,b': {isFolder: true},
	'/opt': {isFolder: true},
	'/tmp': {isFolder: true, mode: 0o1777},
	'/tmp/': {leadsTo: '/tmp'},
	'/tmp/tool': {},
	'/var/open/tool': {},
	'/var/open': {isFolder: true, mode: 0o777},
	'/var': {isFolder: true},
	'/proc/900/stat': {text: `900 (a b) S ${'1 '.repeat(18)}400 0`},
	'/proc/901/stat': {text: `901 (zombie) Z ${'1 '.repeat(18)}400 0`},
};

/** A Linux of three users. */
export const linux = paperSystem('linux', files, {
	'getent passwd ldap-user': 'ldap-user:*:70001:70001::/home/l:/bin/sh\n',
});

/** Reads a rule. */
export const read = (text: string, system = linux) => parseRule(text, 'allow[0]', system);

/** What is said of a rule that is wrong. */
export function refusal(text: string, system = linux): UserError {
	try {
		read(text, system);
	} catch (error) {
		if (error instanceof UserError) {
			return error;
		}
	}
	throw new Error(`${text} is taken for a rule`);
}

/** What allow makes of it, and what deny does. */
export const verdicts = (text: string, client: Client, system = linux) => {
	const rule = read(text, system);
	return [matches(rule, client), mayMatch(rule, client)];
};

export const holds = test.macro({
	title: (_, text: string, own: Parameters<typeof peer>[0]) =>
		`${text} holds for ${JSON.stringify(own)}`,
	exec: (t, text: string, own: Parameters<typeof peer>[0]) =>
		t.deepEqual(verdicts(text, heldBy(peer(own))), [true, true]),
});
export const fails = test.macro({
	title: (_, text: string, own: Parameters<typeof peer>[0]) =>
		`${text} does not hold for ${JSON.stringify(own)}`,
	exec: (t, text: string, own: Parameters<typeof peer>[0]) =>
		t.deepEqual(verdicts(text, heldBy(peer(own))), [false, false]),
});
export const unknown = test.macro({
	title: (_, text: string, own: Parameters<typeof peer>[0]) =>
		`${text} can neither admit nor be ruled out for ${JSON.stringify(own)}`,
	exec: (t, text: string, own: Parameters<typeof peer>[0]) =>
		t.deepEqual(verdicts(text, heldBy(peer(own))), [false, true]),
});
export const refused = test.macro({
	title: (_, text: string) => `refused: ${JSON.stringify(text)}`,
	exec(t, text: string, message: RegExp, hint?: RegExp) {
		const error = refusal(text);
		t.is(error.code, 'option-invalid');
		t.true(error.message.startsWith('allow[0]: '), error.message);
		t.regex(error.message, message);
		if (hint !== undefined) {
			t.regex(error.hint ?? '', hint);
		}
	},
});
