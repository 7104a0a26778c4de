import {networkInterfaces} from 'node:os';
import {startBackend} from '../helpers/backend.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {unless} from '../helpers/programs.js';
import {startTunnel} from '../helpers/tunnel.js';

const addresses = Object.values(networkInterfaces()).flatMap(each => each ?? []);
const missing = !addresses.some(({address}) => address === '::1') && 'needs ::1';

unless(missing, false)(
	'an address of IPv6 written at length is listened on, and short in the URL',
	async t => {
		const backend = await startBackend(t, (_request, response) => response.end('hello'));
		const tunnel = await startTunnel(t, backend.port, {host: '0:0:0:0:0:0:0:1'});
		t.is(tunnel.url, `https://[::1]:${tunnel.port}`);
		t.deepEqual(tunnel.addresses, ['::1']);
		// The client of Node 22.23 does not find ::1 in any certificate; by this name it does.
		const {status, body} = await fetchHttp1(tunnel, '/', {host: '::1', servername: 'localhost'});
		t.is(`${status} ${body}`, '200 hello');
	},
);
