import {basename, isAbsolute, join} from 'node:path';
import type {Machine} from '../machine.js';
import type {Database} from './database.js';

/**
 * The databases of all Firefox profiles: those that a `profiles.ini` names, and whatever lies beside
 * them with a database in it. A profile that was never started has none yet: it is made, since Firefox
 * takes what it finds there. One with a database of Firefox 57 or older is left alone, for Firefox would
 * no longer convert it.
 */
export function firefoxDatabases(machine: Machine): readonly Database[] {
	const {home, env} = machine;
	const config = env.XDG_CONFIG_HOME;
	const snap = join(home, 'snap', 'firefox', 'common');
	const flatpak = join(home, '.var', 'app', 'org.mozilla.firefox');
	// Since Firefox 147 the XDG directory is the place for those who have no ~/.mozilla.
	const folders = [
		join(home, '.mozilla'),
		join(config !== undefined && isAbsolute(config) ? config : join(home, '.config'), 'mozilla'),
		join(snap, '.mozilla'),
		join(snap, '.config', 'mozilla'),
		join(flatpak, '.mozilla'),
		join(flatpak, 'config', 'mozilla'),
	].map(folder => join(folder, 'firefox'));
	const all = folders.flatMap(folder => [...named(machine, folder), ...unnamed(machine, folder)]);
	return [...new Set(all)].map(directory => ({
		label: `Firefox profile ${basename(directory)} (${directory})`,
		directory,
		program: 'Firefox',
		made: [],
	}));
}

function named(machine: Machine, folder: string): readonly string[] {
	const text = machine.read(join(folder, 'profiles.ini'))?.toString() ?? '';
	return text
		.split(/^\[/m)
		.flatMap(section => {
			const path = /^Path=(.+?)\s*$/m.exec(section)?.[1];
			return path === undefined
				? []
				: [/^IsRelative=0\s*$/m.test(section) ? path : join(folder, path)];
		})
		.filter(path => isAbsolute(path) && isProfile(machine, path));
}

function isProfile(machine: Machine, directory: string): boolean {
	return (
		machine.entry(directory) !== undefined &&
		(machine.entry(join(directory, 'cert9.db')) !== undefined ||
			machine.entry(join(directory, 'cert8.db')) === undefined)
	);
}

function unnamed(machine: Machine, folder: string): readonly string[] {
	return machine
		.list(folder)
		.map(name => join(folder, name))
		.filter(path => machine.entry(join(path, 'cert9.db')) !== undefined);
}
