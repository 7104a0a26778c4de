import {dirname, isAbsolute, join} from 'node:path';
import type {Machine} from '../machine.js';
import {type Database, mainFileOf} from './database.js';

const programs = [
	...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
	...[
		'brave-browser',
		'microsoft-edge',
		'microsoft-edge-stable',
		'vivaldi',
		'vivaldi-stable',
		'opera',
	],
];
/** Where tools for tests keep browsers of their own, which read the same database. */
const downloads = ['.cache/ms-playwright', '.cache/puppeteer/chrome', '.cache/puppeteer/chromium'];
const snaps = ['chromium', 'brave', 'opera', 'vivaldi'];
const flatpaks = [
	...['org.chromium.Chromium', 'com.google.Chrome', 'com.brave.Browser', 'com.microsoft.Edge'],
	...['com.vivaldi.Vivaldi', 'com.opera.Opera', 'io.github.ungoogled_software.ungoogled_chromium'],
];

/** A home directory as a browser sees it. */
interface Home {
	readonly path: string;
	/** `XDG_DATA_HOME` there. */
	readonly data: string;
	readonly label: string;
	/** Whether a browser is there that would read a database, if there were one. */
	readonly isUsed: boolean;
}

/**
 * The shared databases of Chromium and the browsers made from it, of Snaps and Flatpaks too. Since
 * Chromium 146 they read `~/.pki/nssdb` when it is there and `$XDG_DATA_HOME/pki/nssdb` otherwise;
 * older ones read `~/.pki/nssdb` alone. So where a browser has no database yet, that is the one to make.
 */
export function chromiumDatabases(machine: Machine): readonly Database[] {
	return homes(machine).flatMap(({path, data, label, isUsed}) => {
		const [old, recent] = [join(path, '.pki', 'nssdb'), join(data, 'pki', 'nssdb')].map(
			(directory): Database => ({
				label: `${label} (${directory})`,
				directory,
				program: 'the browser',
				made: [directory, dirname(directory)],
			}),
		) as [Database, Database];
		const present = [old, recent].filter(
			database => machine.entry(mainFileOf(database)) !== undefined,
		);
		return present.length === 0 && isUsed ? [old] : present;
	});
}

function homes(machine: Machine): readonly Home[] {
	const {home, env} = machine;
	const data = env.XDG_DATA_HOME;
	return [
		{
			path: home,
			data: data !== undefined && isAbsolute(data) ? data : join(home, '.local', 'share'),
			label: 'database of Chromium and its kin',
			isUsed:
				programs.some(name => machine.find(name) !== undefined) ||
				downloads.some(path =>
					machine
						.list(join(home, path))
						.some(name => !name.startsWith('.') && !/^(firefox|webkit|ffmpeg)/.test(name)),
				),
		},
		...machine.list(join(home, 'snap')).flatMap(name =>
			['current', 'common'].map(part => {
				const path = join(home, 'snap', name, part);
				return {
					path,
					data: join(path, '.local', 'share'),
					label: `database of the Snap ${name}`,
					isUsed: part === 'current' && snaps.includes(name),
				};
			}),
		),
		...machine.list(join(home, '.var', 'app')).map(name => ({
			path: join(home, '.var', 'app', name),
			data: join(home, '.var', 'app', name, 'data'),
			label: `database of the Flatpak ${name}`,
			isUsed: flatpaks.includes(name),
		})),
	];
}
