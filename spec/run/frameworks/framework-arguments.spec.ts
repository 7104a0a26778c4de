import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {frameworkArguments} from '../../../lib/run/frameworks/framework-arguments.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const place = {port: 4444, host: '127.0.0.1', url: 'https://localhost:62893', cwd: '/'};
const words = (text: string) => text.split(' ').filter(word => word !== '');

async function made(command: string, changes: Partial<typeof place> = {}): Promise<string> {
	const {command: made} = await frameworkArguments(words(command), {...place, ...changes});
	return made.join(' ');
}

const usual = '--port 4444 --host 127.0.0.1';

/** What is started, and what is appended to it. */
const appended: ReadonlyArray<readonly [string, string]> = [
	['vite', `${usual} --strictPort`],
	['vite dev --mode staging', `${usual} --strictPort`],
	['vite preview', `${usual} --strictPort`],
	['vite build', ''],
	['vite optimize', ''],
	['./node_modules/.bin/vite', `${usual} --strictPort`],
	['node_modules\\.bin\\vite.cmd', `${usual} --strictPort`],
	['node --inspect node_modules/vite/bin/vite.js', `${usual} --strictPort`],
	['node vite.js', ''],
	['react-router dev', `${usual} --strictPort`],
	['react-router build', ''],
	['remix vite:dev', `${usual} --strictPort`],
	['astro dev', usual],
	['astro check', ''],
	['ng serve my-app', usual],
	['ng build', ''],
	['vitepress dev docs', usual],
	['nuxt dev', usual],
	['next dev --turbopack', '--port 4444 --hostname 127.0.0.1'],
	['next', '--port 4444 --hostname 127.0.0.1'],
	['next build', ''],
	['storybook dev', '-p 4444 -h 127.0.0.1'],
	['webpack serve', usual],
	['webpack-dev-server', usual],
	['webpack', ''],
	['react-scripts start', ''],
	['vue-cli-service serve', usual],
	['parcel src/index.html', `${usual} --hmr-host parcel.localhost`],
	['parcel build', ''],
	['gatsby develop', usual],
	['docusaurus start', usual],
	['eleventy --serve', '--port 4444'],
	['eleventy', ''],
	['expo start --web', '--port 4444'],
	['rsbuild', usual],
	['wrangler dev', '--port 4444 --ip 127.0.0.1'],
	['wrangler pages dev dist', '--port 4444 --ip 127.0.0.1'],
	['wrangler deploy', ''],
	['python -m http.server', '4444 --bind 127.0.0.1'],
	['python3.12 -u -m http.server --directory public', '4444 --bind 127.0.0.1'],
	['python3 app.py', ''],
	['python manage.py runserver', '127.0.0.1:4444'],
	['python manage.py migrate', ''],
	['flask --app hello run --debug', usual],
	['python -m flask run', usual],
	['uvicorn main:app --reload', usual],
	['fastapi dev main.py', usual],
	['gunicorn app:app', '--bind 127.0.0.1:4444'],
	['bin/rails server', '-p 4444 -b 127.0.0.1'],
	['bundle exec rails s', '-p 4444 -b 127.0.0.1'],
	['bundle exec jekyll serve', usual],
	['php artisan serve', usual],
	[
		'hugo server -D',
		'--port 4444 --bind 127.0.0.1 --baseURL https://localhost:62893/ --appendPort=false --liveReloadPort 62893',
	],
	['hugo', ''],
	['uv run flask run', usual],
	['cross-env FOO=1 BAR=2 vite', `${usual} --strictPort`],
	['env NODE_ENV=development astro dev', usual],
	['dotenvx run -f .env.local -- astro dev', usual],
	['npx vite', `${usual} --strictPort`],
	['npx --yes vite@6 dev', `${usual} --strictPort`],
	['npx -p @angular/cli ng serve', usual],
	['npx @angular/cli@19 serve', usual],
	['npm exec vite', `-- ${usual} --strictPort`],
	['npm exec -- vite', `${usual} --strictPort`],
	['npx -c vite', ''],
	['pnpm exec astro dev', usual],
	['pnpm dlx astro@5 dev', usual],
	['pnpm astro dev', usual],
	['yarn astro dev', usual],
	['bunx --bun vite', `${usual} --strictPort`],
	['bun x astro dev', usual],
	['astro dev -- left-alone', ''],
	['node server.js', ''],
	['docker compose up', ''],
];

test('each framework is told port and host by its own flags, however it is started', async t => {
	const cwd = temporaryDirectory(t);
	for (const [command, flags] of appended) {
		t.is(await made(command, {cwd}), `${command} ${flags}`.trim());
	}
});

const scripts = {
	dev: 'vite',
	start: 'react-router dev',
	astro: 'cross-env "NOTE=two words" FOO=1 astro dev',
	nested: 'npm run dev',
	nestedByPnpm: 'pnpm dev',
	prepared: 'node make.js && FOO=1 next dev',
	web: 'cd web && npm run dev',
	loop: 'npm run loop',
	both: 'concurrently "vite" "node api.js"',
	background: 'node api.js & vite',
	piped: 'next dev | pino-pretty',
	written: 'vite > log.txt',
	substituted: 'vite --mode $(cat mode)',
	turbo: 'turbo run dev',
	chosen: 'next dev -p 3001',
	assigned: 'PORT=3002 next dev',
	obeys: 'next dev -p $PORT',
	fallsBack: ['next dev --port=$', '{PORT:-3000}'].join(''),
};

function project(t: ExecutionContext): string {
	const directory = temporaryDirectory(t);
	mkdirSync(join(directory, 'src', 'deep'), {recursive: true});
	mkdirSync(join(directory, 'web'));
	writeFileSync(join(directory, 'package.json'), JSON.stringify({scripts}));
	writeFileSync(join(directory, 'web', 'package.json'), '{"scripts": {"dev": "astro dev"}}');
	return directory;
}

const vite = `${usual} --strictPort`;
const next = '--port 4444 --hostname 127.0.0.1';

const behindScripts: ReadonlyArray<readonly [string, string]> = [
	['npm run dev', `-- ${vite}`],
	['npm run dev -- --mode staging', vite],
	['npm --silent run-script dev', `-- ${vite}`],
	['npm start', `-- ${vite}`],
	['npm run', ''],
	['npm install', ''],
	['npm run missing', ''],
	['npm --prefix web run dev', `-- ${usual}`],
	['npm run dev -w web', ''],
	['pnpm dev', vite],
	['pnpm run dev', vite],
	['pnpm -C web dev', usual],
	['pnpm --filter web dev', ''],
	['pnpm start --mode staging', vite],
	['yarn dev', vite],
	['yarn run dev', vite],
	['yarn --cwd web dev', usual],
	['yarn workspace web dev', ''],
	['bun run dev', vite],
	['bun --bun run dev', vite],
	['bun dev', vite],
	['deno task dev', vite],
	['node --run dev', `-- ${vite}`],
	['node --run=dev', `-- ${vite}`],
	['npm run astro', `-- ${usual}`],
	['npm run nested', `-- -- ${vite}`],
	['pnpm nested', `-- ${vite}`],
	['npm run nestedByPnpm', `-- ${vite}`],
	['npm run prepared', `-- ${next}`],
	['npm run web', `-- -- ${usual}`],
	['npm run loop', ''],
	['npm run both', ''],
	['npm run background', ''],
	['npm run piped', ''],
	['npm run written', ''],
	['npm run substituted', ''],
	['npm run turbo', ''],
	['npm run chosen', '-- --hostname 127.0.0.1'],
	['npm run obeys', '-- --hostname 127.0.0.1'],
	['npm run fallsBack', '-- --hostname 127.0.0.1'],
];

test('flags get through scripts of package.json, as each package manager passes them', async t => {
	const directory = project(t);
	for (const [command, flags] of behindScripts) {
		t.is(await made(command, {cwd: directory}), `${command} ${flags}`.trim());
	}
});

test('package.json is found from below, too', async t => {
	const cwd = join(project(t), 'src', 'deep');
	t.is(await made('npm run dev', {cwd}), `npm run dev -- ${vite}`);
	t.is(
		await made('npm --prefix ../../web run dev', {cwd}),
		`npm --prefix ../../web run dev -- ${usual}`,
	);
});

/** What is started, what is appended, and which port the person has chosen. */
const chosen: ReadonlyArray<readonly [string, string, number | undefined]> = [
	['vite --port 3000', '--host 127.0.0.1 --strictPort', 3000],
	['vite --port=3000 --host 0.0.0.0 --strictPort', '', 3000],
	['vite --port 3000 --port 3001', '--host 127.0.0.1 --strictPort', 3001],
	['next dev -p 3000', '--hostname 127.0.0.1', 3000],
	['next dev -p3000', '--hostname 127.0.0.1', 3000],
	['next dev -p nonsense', '--hostname 127.0.0.1', undefined],
	['next dev -p 70000', '--hostname 127.0.0.1', undefined],
	['npx next dev -p 3000', '--hostname 127.0.0.1', 3000],
	['npm run dev -- --port 3000', '--host 127.0.0.1 --strictPort', 3000],
	['npm run chosen', '-- --hostname 127.0.0.1', 3001],
	['npm run assigned', '-- --port 3002 --hostname 127.0.0.1', 3002],
	['cross-env PORT=3003 node server.js', '', 3003],
	['my-server --port 3000', '', 3000],
	['my-server -p 3000', '', undefined],
	['mkdir -p 3000', '', undefined],
	['python -m http.server 8000', '--bind 127.0.0.1', 8000],
	['python -m http.server -d 8000', '4444 --bind 127.0.0.1', undefined],
	['python manage.py runserver 0.0.0.0:8000', '', 8000],
	['python manage.py runserver 8000 --noreload', '', 8000],
	['php -S localhost:8000 -t public', '', 8000],
	['php -S [::1]:8000', '', 8000],
	['gunicorn -b 127.0.0.1:8000 app:app', '', 8000],
	['rails s -p 3000', '-b 127.0.0.1', 3000],
];

test('a port that the person has chosen stays, is told, and is the PORT of the program', async t => {
	const cwd = project(t);
	for (const [command, flags, port] of chosen) {
		const made = await frameworkArguments(words(command), {...place, cwd});
		t.is(made.command.join(' '), `${command} ${flags}`.trim());
		t.is(made.port, port, command);
		t.is(made.env.PORT, port?.toString(), command);
	}
});
