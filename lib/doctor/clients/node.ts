import type {Client} from '../client.js';

const script = `
const {get} = require('node:https');
get(process.argv[1], response => response.pipe(process.stdout))
	.on('error', error => { console.error(error.message); process.exitCode = 1; });
`;

/** The Node.js that runs Sealport. It brings Mozilla's roots along and asks no trust store. */
export const node: Client = {
	name: 'node',
	program: process.execPath,
	start: ({url}) => ({args: ['-e', script, url]}),
	store: 'none',
	variables: ['NODE_EXTRA_CA_CERTS'],
};
