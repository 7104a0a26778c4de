import {join} from 'node:path';
import {UserError} from '../../errors.js';
import {printable} from '../../printable.js';
import {fingerprintOf, isOurs, mayHoldOurs, type Root} from '../root.js';
import type {Machine} from './machine.js';
import {type Certutil, certutilFor} from './nss/certutil.js';
import {chromiumDatabases} from './nss/chromium.js';
import {type Database, filesOf, isMade} from './nss/database.js';
import {firefoxDatabases} from './nss/firefox.js';
import {obstacleOf} from './nss/fitness.js';
import {isInUse} from './nss/in-use.js';
import type {FindPlaces, Place} from './place.js';
import {commandLine, type Step, withRollback} from './step.js';
import {undoFor} from './undo.js';

/**
 * The NSS databases of Chromium, Firefox and the like on Linux.
 *
 * On macOS and Windows there is nothing to do: Chromium asks the system there, and since version 120
 * Firefox, too, trusts the roots that a person or an administrator has added to the system
 * (`security.enterprise_roots.enabled`).
 */
export const findNss: FindPlaces = async machine => {
	if (machine.platform === 'darwin' || machine.platform === 'win32') {
		return [];
	}
	const program = machine.find('certutil');
	const databases = [...chromiumDatabases(machine), ...firefoxDatabases(machine)];
	return databases.map(database => placeOf(machine, database, program));
};

function placeOf(machine: Machine, database: Database, program: string | undefined): Place {
	const certutil = certutilFor(machine, program ?? 'certutil', database.directory);
	const hasOne = () => isMade(machine, database);
	const isUnseen =
		program === undefined && mayHoldOurs(machine.read(join(database.directory, 'cert9.db')));
	return {
		store: 'nss',
		label: printable(database.label),
		by: 'person',
		obstacle: obstacleOf(machine, database) ?? (isUnseen ? missing(machine) : undefined),
		async look() {
			const isAsked = program !== undefined && hasOne();
			const holdings = isAsked ? await certutil.holdings('trusted') : [];
			return holdings.flatMap(({certificates}) => certificates).filter(isOurs);
		},
		async add(root) {
			if (program === undefined) {
				const {reason, hint} = missing(machine);
				throw new UserError('trust-store-unusable', reason, {hint});
			}
			const isNew = !hasOne();
			if (!isNew && (await certutil.isLocked())) {
				throw locked(database, certutil, root);
			}
			// While a browser writes to its files, copies of them are no state to go back to.
			const record = undo(machine, database, root);
			const {before, after, cancel, drop} = isInUse(filesOf(database))
				? {before: [], after: [], cancel: [], drop: record.drop}
				: {...record, drop: []};
			const making = isNew ? makingOf(machine, database, certutil) : [];
			return [
				...drop,
				...withRollback([...before, ...making, certutil.add(root), ...after], cancel),
			];
		},
		async remove(root, plain = false) {
			const {putBack, drop} = undo(machine, database, root);
			if (putBack !== undefined && !plain && !isInUse(filesOf(database))) {
				return putBack;
			}
			const holdings = await certutil.holdings('all');
			const names = holdings.flatMap(({nickname, certificates}) =>
				certificates
					.filter(certificate => fingerprintOf(certificate) === root.fingerprint)
					.map(() => nickname),
			);
			return [...names.map(certutil.remove), ...drop];
		},
		get afterwards() {
			return isInUse(filesOf(database))
				? `start ${database.program} anew: it is running`
				: undefined;
		},
	};
}

function undo(machine: Machine, database: Database, root: Root) {
	return undoFor(machine, root, 'person', filesOf(database), database.made);
}

function makingOf(machine: Machine, database: Database, certutil: Certutil): readonly Step[] {
	const {directory, made} = database;
	const isThere = (path: string) => machine.entry(path) !== undefined;
	// Where there are keys without certificates, certutil makes what is missing by itself.
	if (isThere(join(directory, 'key4.db'))) {
		return [];
	}
	const files = filesOf(database).filter(path => !isThere(path));
	const rollback = [
		...files.map(path => ({kind: 'remove', path}) as const),
		...made.filter(path => !isThere(path)).map(path => ({kind: 'remove-directory', path}) as const),
	];
	return [{kind: 'directory', path: directory, mode: 0o700, rollback}, certutil.make];
}

/** The packages that bring `certutil`, by the program that installs packages. */
const packages = {
	'apt-get': 'apt-get install libnss3-tools',
	dnf: 'dnf install nss-tools',
	yum: 'yum install nss-tools',
	zypper: 'zypper install mozilla-nss-tools',
	pacman: 'pacman -S nss',
	apk: 'apk add nss-tools',
} as const;

function missing(machine: Machine): NonNullable<Place['obstacle']> {
	const install = Object.entries(packages).find(([program]) => machine.find(program) !== undefined);
	return {
		reason: 'certutil was not found in a directory that only root can change',
		hint: `install it: ${install === undefined ? "it is one of NSS's tools" : `sudo ${install[1]}`}`,
	};
}

function locked({label}: Database, certutil: Certutil, root: Root): UserError {
	return new UserError(
		'trust-store-unusable',
		`${printable(label)} is locked with a primary password, which Sealport does not ask for`,
		{hint: `run this, which asks for it: ${commandLine(certutil.addByHand(root))}`},
	);
}
