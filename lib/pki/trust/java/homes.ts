import {posix, win32} from 'node:path';
import type {Machine} from '../machine.js';

/** Directories on Linux in which each Java has a directory of its own. */
const linux = [
	...['/usr/lib/jvm', '/usr/lib64/jvm', '/usr/java', '/usr/local', '/usr/local/java'],
	...['/opt', '/opt/java', '/opt/jdk', '/opt/jdks'],
];
/** The same in the home directory, on all systems: SDKMAN, IntelliJ, asdf, mise, Gradle, JBang. */
const personal = [
	['.sdkman', 'candidates', 'java'],
	['.jdks'],
	['.asdf', 'installs', 'java'],
	['.local', 'share', 'mise', 'installs', 'java'],
	['.gradle', 'jdks'],
	['.jbang', 'cache', 'jdks'],
];
/** Vendors' directories in `Program Files`. */
const vendors = [
	...['Java', 'Eclipse Adoptium', 'Eclipse Foundation', 'AdoptOpenJDK', 'Microsoft', 'OpenJDK'],
	...['Amazon Corretto', 'Zulu', 'BellSoft', 'Semeru', 'SapMachine', 'RedHat'],
];

/**
 * The directories in which a Java may lie: what `JAVA_HOME` names, and what is where the system's
 * packages, the vendors' installers and the usual tools put one. Some may hold none, or the same.
 */
export async function javaHomes(machine: Machine): Promise<readonly string[]> {
	const {env, home, platform} = machine;
	const {join, isAbsolute} = platform === 'win32' ? win32 : posix;
	const below = (directory: string) => machine.list(directory).map(name => join(directory, name));
	const named = env.JAVA_HOME;
	const own = personal.flatMap(parts => below(join(home, ...parts)));
	return [
		...(named !== undefined && isAbsolute(named) ? [named] : []),
		...(platform === 'win32'
			? [...windowsHomes(machine, below), ...own]
			: platform === 'darwin'
				? [...(await macHomes(machine)), ...bundled([...own, ...homebrew.flatMap(below)]), ...own]
				: [...linux.flatMap(below), ...own]),
	];
}

const homebrew = ['/opt/homebrew/opt', '/usr/local/opt'];

/** java_home(1) lists on stderr what is installed, each line with the directory at its end. */
async function macHomes(machine: Machine): Promise<readonly string[]> {
	const program = machine.find('java_home', ['/usr/libexec']);
	const {stderr} = program === undefined ? {stderr: ''} : await machine.ask(program, ['-V']);
	return Array.from(stderr.matchAll(/ (\/.+\/Contents\/Home)$/gm), ([, home = '']) => home);
}

/** On macOS a Java may lie in a bundle, and Homebrew's has that one level down. */
function bundled(directories: readonly string[]): readonly string[] {
	const inside = [
		['Contents', 'Home'],
		['libexec', 'openjdk.jdk', 'Contents', 'Home'],
	];
	return directories.flatMap(directory => inside.map(parts => posix.join(directory, ...parts)));
}

function windowsHomes(
	{env, home}: Machine,
	below: (directory: string) => readonly string[],
): readonly string[] {
	const roots = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].flatMap(root =>
		root === undefined ? [] : [root, win32.join(root, 'Programs')],
	);
	return [
		...roots.flatMap(root => vendors.flatMap(vendor => below(win32.join(root, vendor)))),
		...below(win32.join(home, 'scoop', 'apps')).map(app => win32.join(app, 'current')),
	];
}
