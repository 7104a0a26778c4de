// A process of its own that serves as the command line does, and tells its parent of each connection and
// each exchange, which the command line does not. Its argument is the options of `serve`, as JSON.
import '../../../bin/young-generation.js';
import {serve} from '../../../lib/index.js';

const tunnel = await serve({port: 0, wait: 0, ...JSON.parse(process.argv[2] ?? '')});
tunnel.on('handshake', handshake => process.send?.({handshake}));
tunnel.on('exchange', report =>
	process.send?.({exchange: {...report, failure: report.failure?.code}}),
);
const {url, port, ca, caFile} = tunnel;
process.send?.({listening: {url, port, ca, caFile}});
process.once('disconnect', () => process.exit());
