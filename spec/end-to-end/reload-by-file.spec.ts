import {needs} from '../helpers/programs.js';
import {reloads, reloadUnderLoad, rewrite} from '../helpers/reloading.js';

needs('wrk', 'h2load')(
	`no request fails while the configuration file changes ${reloads} times`,
	t =>
		reloadUnderLoad(t, [], (_running, file, content, turn) => {
			rewrite(file, content, turn);
		}),
);
