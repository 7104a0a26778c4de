import type {Command} from './command.js';
import {type Flags, flags} from './flags.js';

/** The commands beside the default one, in the order of `--help`. What they run is loaded when they run. */
export const commands: readonly Command[] = [
	{
		usage: 'demo',
		summary: 'wrap a small built-in backend: something to look at',
		title: 'demo   https://localhost:62893 for a small built-in backend',
		flags,
		run: async given => (await import('./commands/demo.js')).demo(given as Flags),
	},
];
