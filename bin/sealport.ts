#!/usr/bin/env node

import './young-generation.js';
import {main} from '../lib/cli/main.js';

main(process.argv.slice(2)).then(code => {
	process.exitCode = code;
});
