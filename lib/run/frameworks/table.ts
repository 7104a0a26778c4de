import {flag, type Place, word} from './flag.js';
import {majorOf} from './manifest.js';
import {ownName, resolvesHere} from './own-name.js';
import {
	always,
	except,
	type Framework,
	listen,
	numeric,
	on,
	portOnly,
	row,
	strict,
	together,
	usual,
} from './row.js';

/** What has no row obeys PORT and HOST, or nothing. Columns: names, what serves, flags for the port. */
export const frameworks: readonly Framework[] = [
	row('vite', except('build', 'optimize'), '--port', strict),
	row('react-router @react-router/dev', on('dev'), '--port -p', strict),
	row('remix @remix-run/dev', on('vite:dev'), '--port -p', strict),
	row('astro', on('dev', 'preview'), '--port', usual),
	row('ng @angular/cli', on('serve', 's', 'dev'), '--port', usual),
	row('vitepress', except('build', 'init'), '--port', usual),
	row('nuxt nuxi', on('dev', 'preview'), '--port -p', usual),
	row('vinxi nitro nitropack', on('dev'), '--port -p', usual),
	row('waku', on('dev', 'start'), '--port -p', usual),
	row('ladle @ladle/react', on('serve', 'dev', 'preview'), '--port -p', usual),
	row('farm @farmfe/cli', on('start', 'dev'), '--port -p', usual),
	row('rsbuild @rsbuild/core', except('build', 'inspect'), '--port', usual),
	row('rspack @rspack/cli', on('serve', 'server', 's', 'dev'), '--port', usual),
	row('next', except('build', 'lint', 'info', 'telemetry', 'typegen'), '--port -p', place =>
		byName(place, '--port -p', '--hostname -H'),
	),
	row('storybook start-storybook', except('build', 'init', 'upgrade', 'add'), '--port -p', place =>
		byName(place, '-p --port', '-h --host'),
	),
	row('webpack webpack-cli', on('serve', 'server', 's'), '--port', webpack),
	row('webpack-dev-server', always, '--port', webpack),
	// With a `proxy` in package.json and HOST it refuses to start unless it checks no host; without a
	// `proxy` it checks none anyway.
	row('react-scripts craco react-app-rewired', on('start'), '', () => [], {
		env: () => ({WDS_SOCKET_PORT: '0', DANGEROUSLY_DISABLE_HOST_CHECK: 'true'}),
	}),
	// Only where it takes itself to be in a container it lets the page use the page's own port.
	row('vue-cli-service @vue/cli-service', on('serve'), '--port', usual, {
		env: () => ({CODESANDBOX_SSE: 'true'}),
	}),
	row('parcel', except('build', 'watch', 'help'), '--port -p', parcel),
	row('gatsby', on('develop', 'serve'), '--port -p', listen('--port -p', '--host -H')),
	row('docusaurus @docusaurus/core', on('start', 'serve'), '--port -p', usual),
	row('eleventy', on('--serve'), '--port', portOnly('--port')),
	row('expo', on('start'), '--port -p', portOnly('--port -p')),
	row('react-native', on('start'), '--port', usual),
	row('ember ember-cli', on('serve', 'server', 's'), '--port -p', usual),
	row('quasar', on('dev', 'serve'), '--port -p', listen('--port -p', '--hostname -H')),
	row('histoire', on('dev', 'preview'), '--port -p', portOnly('--port -p')),
	row(
		'slidev @slidev/cli',
		except('build', 'export', 'format'),
		'--port -p',
		portOnly('--port -p'),
	),
	row('wds web-dev-server', always, '--port -p', listen('--port -p', '--hostname -h')),
	row('wrangler', on('dev'), '--port', listen('--port', '--ip')),
	row('netlify ntl netlify-cli', on('dev'), '--port -p', portOnly('--port -p')),
	row('vercel vc', on('dev'), '--listen -l', together('--listen -l')),
	row('serve', always, '-p --port -l --listen', portOnly('-p --port -l --listen')),
	row('http-server', always, '-p --port', listen('-p --port', '-a')),
	row('json-server', always, '--port -p', listen('--port -p', '--host -h')),
	row(
		'http.server',
		always,
		'',
		inPlace(({port}) => port, '--bind'),
		{
			position: numeric('-d', '--directory', '-b', '--bind', '-p', '--protocol'),
		},
	),
	row(
		'manage.py django django-admin',
		on('runserver'),
		'',
		inPlace(({host, port}) => `${host}:${port}`),
		{position: numeric('-v', '--verbosity')},
	),
	row('flask', on('run'), '--port -p', listen('--port -p', '--host -h')),
	row('uvicorn', always, '--port', usual),
	row('fastapi', on('dev', 'run'), '--port', usual),
	row('gunicorn', always, '--bind -b', together('--bind -b')),
	row('streamlit', on('run'), '--server.port', listen('--server.port', '--server.address')),
	row('mkdocs', on('serve'), '--dev-addr -a', together('--dev-addr -a')),
	row('rails', on('server', 's'), '-p --port', listen('-p --port', '-b --binding')),
	row('jekyll', on('serve', 's', 'server'), '--port -P', listen('--port -P', '--host -H')),
	row('artisan', on('serve'), '--port', usual),
	row('php', on('-S'), '-S', () => []),
	row('hugo', on('server', 'serve'), '--port -p', hugo),
];

/**
 * Flags of frameworks that take requests under the name that they listen on, and have none for other
 * names: where a name leads here, they listen on it.
 */
async function byName(place: Place, port: string, host: string) {
	const name = ownName(place);
	const isHere = name !== undefined && (await resolvesHere(name));
	return listen(port, host)(isHere ? {...place, host: name} : place);
}

async function webpack(place: Place) {
	const major = (await majorOf('webpack-dev-server', place.cwd)) ?? 0;
	const name = ownName(place);
	// Its page asks for the backend's port by number, unless it is told to use its own.
	const socket = flag('auto://0.0.0.0:0/ws', '--client-web-socket-url');
	const names = name === undefined ? [] : [flag(name, '--allowed-hosts')];
	return [...listen('--port', '--host')(place), ...(major >= 4 ? [socket, ...names] : [])];
}

/** Its page leaves TLS out where its name is `localhost`, but not for names below it. */
function parcel(place: Place) {
	return [...usual(place), flag(ownName(place) ?? 'parcel.localhost', '--hmr-host')];
}

/** It writes its own address into the pages. */
function hugo(place: Place) {
	return [
		...listen('--port -p', '--bind')(place),
		flag(`${place.url}/`, '--baseURL', '-b'),
		word('--appendPort=false'),
		flag(new URL(place.url).port || '443', '--liveReloadPort'),
	];
}

/** An argument that is the port, and a flag for the address. */
function inPlace(argument: (place: Place) => string | number, host?: string) {
	return (place: Place) => [
		{names: [], words: [String(argument(place))]},
		...(host === undefined ? [] : [flag(place.host, host, '-b')]),
	];
}
