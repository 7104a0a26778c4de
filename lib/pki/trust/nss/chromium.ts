import {dirname, isAbsolute, join} from 'node:path';
import type {Machine} from '../machine.js';
import {type Database, isMade} from './database.js';

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
 * Chromium 146 they read `~/.pki/nssdb` if there is that directory, and `$XDG_DATA_HOME/pki/nssdb` if not;
 * older ones read the first alone. So where a browser has no database yet, that is the one to make.
 */
export function chromiumDatabases(machine: Machine): readonly Database[] {
	return homes(machine).flatMap(({path, data, label, isUsed}) => {
		const at = (directory: string): Database => ({
			label: `${label} (${directory})`,
			directory,
			program: 'the browser',
			made: [directory, dirname(directory)],
		});
		const first = at(join(path, '.pki', 'nssdb'));
		const second = at(join(data, 'pki', 'nssdb'));
		const isSecondRead = isMade(machine, second) && machine.entry(first.directory) === undefined;
		return [
			...(isMade(machine, first) || (isUsed && !isSecondRead) ? [first] : []),
			...(isMade(machine, second) ? [second] : []),
		];
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
					isUsed: part === 'current' && snaps.includes(name) && machine.real(path) !== undefined,
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
