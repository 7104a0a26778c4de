import {join} from 'node:path';
import {fingerprintOf, type Root} from '../root.js';
import {familyOf, type LinuxFamily} from './linux/families.js';
import {bundled, filesWith, isThere, leftOver, refuseOthers} from './linux/files.js';
import type {Machine} from './machine.js';
import type {FindPlaces, Place} from './place.js';
import type {Step} from './step.js';
import {undoFor} from './undo.js';

/** The system store of a Linux distribution. */
export const findLinux: FindPlaces = async machine => {
	if (machine.platform !== 'linux') {
		return [];
	}
	const family = familyOf(machine);
	return [family === undefined ? unknown : placeOf(machine, family)];
};

const unknown: Place = {
	store: 'system',
	label: 'system trust store',
	by: 'root',
	obstacle: {
		reason: 'this Linux keeps its trust store in a way that Sealport does not know',
		hint: 'add the file of the root certificate as the handbook of your distribution says',
	},
	look: async () => [],
	add: async () => [],
	remove: async () => [],
};

function placeOf(machine: Machine, family: LinuxFamily): Place {
	const {directory, extension, keystore} = family;
	const program = machine.find(family.program);
	const update = (args: readonly string[]): Step[] =>
		program === undefined ? [] : [{kind: 'run', program, args}];
	const undo = (root: Root) => undoFor(machine, root, 'root', [keystore], [], 'system');
	const isLeftOver = ({fingerprint}: Root) =>
		leftOver(machine, family).some(found => fingerprintOf(found) === fingerprint);
	return {
		store: 'system',
		label: `system trust store (${directory})`,
		by: 'root',
		obstacle: program === undefined ? missing(family) : undefined,
		look: async () => bundled(machine, family),
		leftovers: async () => leftOver(machine, family),
		async add(root) {
			const path = join(directory, `${root.name}${extension}`);
			const isMade = isThere(machine, family);
			refuseOthers(machine, path, root);
			const {before, after, drop} = undo(root);
			// What a change that broke off has left of the keystore is nothing to come back to.
			const isKept = machine.entry(keystore)?.kind === 'file' && !isLeftOver(root);
			return [
				...(isMade ? [] : [{kind: 'directory', path: directory, mode: 0o755} as const]),
				...(isKept ? before.map(recovering) : drop),
				{
					kind: 'write',
					path,
					content: root.certificate.toString(),
					from: root.file,
					mode: 0o644,
				},
				...update(family.add),
				...(isKept ? after : []),
			];
		},
		async remove(root) {
			isThere(machine, family);
			const {putBack, keep, drop} = undo(root);
			return [
				...filesWith(machine, family, root).map(path => ({kind: 'remove', path}) as const),
				...update(family.remove),
				...(putBack ?? keep ?? drop),
			];
		},
	};
}

/** A program that breaks off while it writes the keystore leaves half of it. */
function recovering(step: Step): Step {
	return step.kind === 'copy'
		? {...step, rollback: [{kind: 'copy', from: step.to, to: step.from}]}
		: step;
}

function missing({program, install}: LinuxFamily) {
	return {
		reason: `${program} was not found in a directory that only root can change`,
		hint: `install it: sudo ${install}`,
	};
}
