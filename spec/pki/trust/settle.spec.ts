import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../../lib/errors.js';
import {createAuthority} from '../../../lib/pki/authority.js';
import {type Root, rootOf} from '../../../lib/pki/root.js';
import type {Place} from '../../../lib/pki/trust/place.js';
import {settle, type Wish} from '../../../lib/pki/trust/settle.js';
import type {Step} from '../../../lib/pki/trust/step.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const newRoot = async (): Promise<Root> => {
	const {root} = await createAuthority(Date.now());
	return rootOf(root.raw, '/elsewhere/ca.pem');
};
const current = await newRoot();
const replaced = await newRoot();
const others = await newRoot();

/** A place that trusts what is in files of a directory. */
function directoryPlace(t: ExecutionContext, changes: Partial<Place> = {}) {
	const directory = temporaryDirectory(t);
	const pathOf = ({name}: Root) => join(directory, name);
	const put = (root: Root) => writeFileSync(pathOf(root), root.certificate.toString());
	const place: Place = {
		store: 'nss',
		label: directory,
		by: 'person',
		afterwards: 'start it anew',
		look: async () =>
			[current, replaced, others]
				.filter(root => existsSync(pathOf(root)))
				.map(root => rootOf(readFileSync(pathOf(root)), '').certificate),
		add: async root => [
			{
				kind: 'write',
				path: pathOf(root),
				content: root.certificate.toString(),
				from: root.file,
				mode: 0o600,
			},
		],
		remove: async root => [{kind: 'remove', path: pathOf(root)}],
		...changes,
	};
	const holds = (root: Root) => existsSync(pathOf(root));
	return {place, put, holds, pathOf};
}

const wish: Wish = {
	root: current,
	known: [current, replaced],
	leaves: ({fingerprint}) => fingerprint === replaced.fingerprint,
	dryRun: false,
	isRoot: false,
	isSystemPending: false,
	tell: () => undefined,
};

test('a root goes in, the one it replaces goes out, others stay', async t => {
	const {place, put, holds} = directoryPlace(t);
	put(replaced);
	put(others);
	const {outcome, hint, gone} = await settle(place, wish);
	t.is(outcome, 'added');
	t.is(hint, 'start it anew');
	t.deepEqual(gone, [replaced]);
	t.deepEqual([current, replaced, others].map(holds), [true, false, true]);
	t.deepEqual(
		(await settle(place, wish)).others.map(({fingerprint}) => fingerprint),
		[others.fingerprint],
	);
	t.is((await settle(place, wish)).outcome, 'present');
});

test('a place that changes with the system waits for that, and only while it is to come', async t => {
	const {place, holds} = directoryPlace(t, {followsSystem: true});
	t.is((await settle(place, {...wish, isSystemPending: true})).outcome, 'follows');
	t.false(holds(current));
	t.is((await settle(place, wish)).outcome, 'added');
});

test('what a person will be asked in another window is told before, and only then', async t => {
	const {place} = directoryPlace(t, {meanwhile: 'a window opens'});
	const told: string[] = [];
	const asked = {...wish, tell: (text: string) => told.push(text)};
	await settle(place, {...asked, dryRun: true});
	t.deepEqual(told, []);
	await settle(place, asked);
	await settle(place, asked);
	t.deepEqual(told, ['a window opens']);
});

test('a root goes out, and once out stays out', async t => {
	const {place, put, holds} = directoryPlace(t);
	put(current);
	const leave = {...wish, root: undefined, leaves: () => true};
	t.is((await settle(place, leave)).outcome, 'removed');
	t.false(holds(current));
	t.is((await settle(place, leave)).outcome, 'absent');
});

test('what a change that broke off has left goes, too', async t => {
	const {place, pathOf} = directoryPlace(t);
	writeFileSync(pathOf(replaced), 'half');
	const leftovers = async () => (existsSync(pathOf(replaced)) ? [replaced.certificate] : []);
	t.is(
		(await settle({...place, look: async () => [], leftovers}, {...wish, root: undefined})).outcome,
		'removed',
	);
	t.false(existsSync(pathOf(replaced)));
});

test('a dry run and a place of root without the rights give the commands and change nothing', async t => {
	const {place, put, holds, pathOf} = directoryPlace(t);
	put(replaced);
	const commands = [
		`rm -f ${pathOf(replaced)}`,
		`install -m 0600 /elsewhere/ca.pem ${pathOf(current)}`,
	];
	const planned = await settle(place, {...wish, dryRun: true});
	t.is(planned.outcome, 'planned');
	t.deepEqual(planned.commands, commands);
	const refused = await settle({...place, by: 'root'}, wish);
	t.is(refused.outcome, 'needs-root');
	t.deepEqual(
		refused.commands,
		commands.map(command => `sudo ${command}`),
	);
	t.deepEqual([current, replaced].map(holds), [false, true]);
});

test('an obstacle, a step that breaks off and steps without effect are told of', async t => {
	const {place, pathOf} = directoryPlace(t);
	const obstacle = {reason: 'no certutil', hint: 'install it'};
	t.like(await settle({...place, obstacle}, wish), {outcome: 'unusable', ...obstacle});

	const broken = await settle(
		{...place, add: async () => [{kind: 'run', program: '/bin/false', args: []}]},
		wish,
	);
	t.is(broken.outcome, 'failed');
	t.regex(broken.reason ?? '', /^\/bin\/false: it ended with code 1$/);

	const idle = await settle({...place, add: async () => []}, wish);
	t.is(idle.outcome, 'failed');
	t.regex(idle.reason ?? '', /every step ended well, and yet the CA is not in/);

	const refusing = async () => {
		throw new UserError('trust-store-unusable', 'it is a symbolic link', {hint: 'remove it'});
	};
	t.like(await settle({...place, look: refusing}, wish), {
		outcome: 'failed',
		reason: 'it is a symbolic link',
		hint: 'remove it',
	});
	const faulty = async () => {
		throw new TypeError('x is not a function');
	};
	t.like(await settle({...place, look: faulty}, wish), {
		outcome: 'failed',
		reason: 'x is not a function',
	});
	rmSync(pathOf(current), {force: true});
});

test('a root that is still there when its place was put back goes the plain way', async t => {
	const {place, put, holds} = directoryPlace(t);
	const putBack: Step[] = [{kind: 'run', program: '/bin/true', args: []}];
	for (const root of [undefined, current]) {
		put(replaced);
		let isRecorded = true;
		const remove: Place['remove'] = async old => {
			const steps = isRecorded ? putBack : await place.remove(old);
			isRecorded = false;
			return steps;
		};
		const {outcome, gone} = await settle({...place, remove}, {...wish, root});
		t.is(outcome, root === undefined ? 'removed' : 'added');
		t.deepEqual(gone, [replaced]);
		t.false(holds(replaced));
	}
	put(replaced);
	const idle = await settle({...place, remove: async () => putBack}, wish);
	t.regex(idle.reason ?? '', /every step ended well, and yet the CA is still in/);
});
