import {basename, isAbsolute, join} from 'node:path';
import type {Machine} from '../machine.js';
import {type Database, isMade} from './database.js';

/**
 * The databases of all Firefox profiles: those that a `profiles.ini` names, and whatever lies beside
 * them with a database in it. A profile without a database was never started, as one of the two that
 * Firefox makes for a new user never is; it gets none.
 */
export function firefoxDatabases(machine: Machine): readonly Database[] {
	const {home, env} = machine;
	const config = env.XDG_CONFIG_HOME;
	const snap = join(home, 'snap', 'firefox', 'common');
	const flatpak = join(home, '.var', 'app', 'org.mozilla.firefox');
	const folders = [
		join(home, '.mozilla'),
		// Since Firefox 147, for those who have no ~/.mozilla.
		join(config !== undefined && isAbsolute(config) ? config : join(home, '.config'), 'mozilla'),
		join(snap, '.mozilla'),
		join(snap, '.config', 'mozilla'),
		join(flatpak, '.mozilla'),
		join(flatpak, 'config', 'mozilla'),
	].map(folder => join(folder, 'firefox'));
	const all = folders.flatMap(folder => [
		...machine.list(folder).map(name => join(folder, name)),
		...named(machine, folder),
	]);
	return [...new Set(all)]
		.map(directory => ({
			label: `Firefox profile ${basename(directory)} (${directory})`,
			directory,
			program: 'Firefox',
			made: [],
		}))
		.filter(database => isMade(machine, database));
}

/** The directories that a `profiles.ini` names, relative to its own or anywhere. */
function named(machine: Machine, folder: string): readonly string[] {
	const text = machine.read(join(folder, 'profiles.ini'))?.toString() ?? '';
	return text.split(/^\[/m).flatMap(section => {
		const path = /^Path=(.+?)\s*$/m.exec(section)?.[1];
		if (path === undefined) {
			return [];
		}
		return isAbsolute(path) ? [path] : [join(folder, path)];
	});
}
