import {fetchHttp1} from '../helpers/fetch.js';
import {freePort} from '../helpers/free-port.js';
import {startTunnel} from '../helpers/tunnel.js';
import {test} from '../helpers/versions.js';

test('a backend that stays tells the last words of the last reload that succeeded', async t => {
	const routes = `127.0.0.1:${await freePort()}`;
	const options = {routes, port: 0, wait: 0};
	const tunnel = await startTunnel(t, routes, {lastWords: () => 'words of yore'});
	const asked = async () =>
		(await fetchHttp1(tunnel, '/', {headers: {accept: 'application/json'}})).body;
	t.regex(await asked(), /words of yore/);
	await tunnel.reload({...options, lastWords: () => 'newest words'});
	t.regex(await asked(), /newest words/);
	await t.throwsAsync(tunnel.reload({...options, port: -1, lastWords: () => 'words of a failure'}));
	t.regex(await asked(), /newest words/);
});
