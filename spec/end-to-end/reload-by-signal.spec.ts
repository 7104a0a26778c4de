import {needs} from '../helpers/programs.js';
import {reloads, reloadUnderLoad, rewrite} from '../helpers/reloading.js';

needs('wrk', 'h2load')(
	`no request fails while SIGHUP asks ${reloads} times for a configuration that has changed`,
	t =>
		reloadUnderLoad(t, ['--config', 'sealport.config.json'], (running, file, content, turn) => {
			rewrite(file, content, turn);
			running.child.kill('SIGHUP');
		}),
);
