import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {help, readOptions} from './options.js';
import {entrantTable, verdictTable} from './report/table.js';
import {run} from './run.js';

const print = (text: string): void => {
	process.stdout.write(`${text}\n`);
};

try {
	const options = readOptions(process.argv.slice(2));
	if (options === undefined) {
		print(help);
	} else {
		const report = await run(options, print);
		print(entrantTable(report.entrants));
		print(`\nNode ${report.node} with OpenSSL ${report.openssl}, ${report.load}, ${report.effort}`);
		print(`${report.machine}; load average ${report.busy}\n`);
		print(verdictTable(report.verdicts));
		const name = `../../bench/results/${report.date.replaceAll(':', '-')}.json`;
		const file = options.json ?? fileURLToPath(new URL(name, import.meta.url));
		mkdirSync(dirname(file), {recursive: true});
		writeFileSync(file, `${JSON.stringify(report, undefined, '\t')}\n`);
		print(`figures: ${file}`);
	}
	process.exit();
} catch (error) {
	process.stderr.write(`error: ${(error as Error).message}\n`);
	process.exit(1);
}
