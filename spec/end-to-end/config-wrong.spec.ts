import {inspect} from 'node:util';
import test from 'ava';
import {
	boundPort,
	type Files,
	hasBegun,
	project,
	runIn,
	withoutPorts,
} from '../helpers/configured.js';

/**
 * Runs a wrong configuration: each problem is an `error:` with path and value, and a `hint:` that names the file;
 * nothing is started.
 */
const wrong = test.macro({
	title: (_, files: unknown) => {
		const [[name, content] = ['']] = Object.entries(files as Files);
		return `${name} ${inspect(content, {breakLength: Number.POSITIVE_INFINITY, depth: 9})}`;
	},
	async exec(t, files: Files, ...telling: ReadonlyArray<readonly [error: RegExp, hint: RegExp]>) {
		t.timeout(120_000);
		const directory = project(t, files);
		const run = runIn(t, directory, ['--json'], withoutPorts(t));
		t.is(await run.ended, 2, run.stderr);
		t.is(run.stdout, '');
		t.false(hasBegun(directory));
		const lines = run.stderr.trimEnd().split('\n');
		t.is(lines.length, 2 * telling.length, run.stderr);
		telling.forEach(([error, hint], index) => {
			t.regex(lines[2 * index] ?? '', new RegExp(`^error: .*${error.source}`));
			t.regex(lines[2 * index + 1] ?? '', new RegExp(`^hint: .*${hint.source}`));
		});
	},
});

test('what tells that no port is bound tells when one is', async t => {
	const directory = project(t, {'sealport.config.json': {routes: 3000, selfSigned: true}});
	t.is(await runIn(t, directory, ['--json'], withoutPorts(t)).ended, boundPort);
});

const file = 'sealport.config.json';
const json = (content: unknown): Files => ({[file]: content});
const ts = (content: string): Files => ({'sealport.config.ts': content});
const routes = {'/': 3000};
const inFile = /in sealport\.config\.json: /;

// What never comes.
test.serial(wrong, ts('export default new Promise(() => {});'), [
	/config: sealport\.config\.ts: its promise has not settled within 30 seconds/,
	/return or export a configuration/,
]);

// Types.
test.serial(wrong, json([3000]), [/config: expected an object of options, got \[3000\]/, inFile]);
test.serial(wrong, json('null'), [/config: expected an object of options, got null/, inFile]);
test.serial(wrong, json({routes: true}), [
	/routes: expected a backend or routes, got true/,
	inFile,
]);
test.serial(wrong, json({routes: {}}), [
	/routes: expected at least one route, got {}/,
	/such as 3000/,
]);
test.serial(wrong, json({routes: []}), [
	/routes: expected at least one route, got \[\]/,
	/such as/,
]);
test.serial(wrong, json({routes: [3000]}), [/routes\[0\]: expected a route, got 3000/, /"match"/]);
test.serial(wrong, json({backend: true}), [
	/backend: expected a backend, got true/,
	/localhost:3000/,
]);
test.serial(wrong, json({routes, open: 'yes'}), [
	/open: expected true or false, got "yes"/,
	/quotes/,
]);
test.serial(wrong, json({routes, names: 'a.test'}), [
	/names: .*list of texts, got "a\.test"/,
	/\["app/,
]);
test.serial(wrong, json({routes, wait: '5'}), [
	/wait: expected a number of seconds, got "5"/,
	/quotes/,
]);
test.serial(wrong, json({routes, limits: 5}), [
	/limits: expected an object of limits, got 5/,
	/headSize/,
]);
test.serial(wrong, json({routes, command: []}), [
	/command: expected text or a list.*got \[\]/,
	/npm run/,
]);
test.serial(wrong, json({routes, cert: 5}), [/cert: expected text, got 5/, /name a file/]);
// Ranges.
test.serial(
	wrong,
	json({routes: [{match: '/a', backend: 1}, {match: '/b', backend: 2}, {backend: '80800'}]}),
	[/routes\[2\]\.backend: expected a port from 1 to 65535, got "80800"/, /your dev server prints/],
);
test.serial(wrong, json({routes, port: 65_536}), [
	/port: .*0 to 65535, got "65536"/,
	/0 takes a free/,
]);
test.serial(wrong, json({routes, wait: -1}), [/wait: .*0 to 86400, got -1/, /0 answers at once/]);
test.serial(wrong, json({routes, limits: {headSize: 5}}), [
	/limits\.headSize: .*1024 to 16777216, got 5/,
	/leave it out for 65536/,
]);
test.serial(wrong, json({routes, lane: 'fast'}), [
	/lane: expected wire or message, got "fast"/,
	/wire/,
]);
test.serial(wrong, json({routes, keyType: 'dsa'}), [/keyType: .*got "dsa"/, inFile]);
test.serial(wrong, json({routes, host: 'example.com'}), [/host: .*got "example\.com"/, /names?/]);
test.serial(wrong, json({routes, names: ['ok.test', 'a b']}), [
	/names\[1\]: .*got "a b"/,
	/app\.localhost/,
]);
// Backends and matches.
test.serial(wrong, json({routes: {'/': 'https://x:1'}}), [
	/routes\["\/"\]: .*"https:\/\/x:1"/,
	/a backend is/,
]);
test.serial(wrong, json({routes: {'/a': {}}}), [
	/routes\["\/a"\]\.backend: .*got nothing/,
	/such as 3000/,
]);
test.serial(wrong, json({routes: {'/a': {target: 1, backend: 2}}}), [
	/routes\["\/a"\]\.target: there is a backend beside it, got 1/,
	/leave one of them out/,
]);
test.serial(wrong, json({routes: {'/a': {target: {hots: 'x'}}}}), [
	/routes\["\/a"\]\.target: a backend has no hots, got {"hots":"x"}/,
	/host/,
]);
test.serial(wrong, json({routes: {'': 3000}}), [/routes\[""\]: .*got ""/, inFile]);
test.serial(wrong, json({routes: {'^[': 3000}}), [
	/routes\["\^\["\]: .*regular expression.*got "\^\["/,
	inFile,
]);
test.serial(wrong, json({routes: [{match: [], backend: 1}]}), [
	/routes\[0\]\.match: .*got \[\]/,
	/"\/api"/,
]);
// Unknown names.
test.serial(wrong, json({routes, prot: 1}), [
	/prot: there is no such option, got 1/,
	/did you mean port\?/,
]);
test.serial(wrong, json({routes, limits: {headsize: 1}}), [
	/limits\.headsize: there is no such limit, got 1/,
	/did you mean headSize\?/,
]);
test.serial(wrong, json({routes: {'/a': {backend: 1, changeOrigins: true}}}), [
	/routes\["\/a"\]\.changeOrigins: there is no such option, got true/,
	/did you mean changeOrigin\?/,
]);
// Options of http-proxy.
test.serial(wrong, json({routes: {'/api': {target: 1, changeOrigin: 'yes'}}}), [
	/routes\["\/api"\]\.changeOrigin: expected true or false, got "yes"/,
	/http-proxy/,
]);
test.serial(wrong, json({routes: {'/api': {target: 1, agent: {}}}}), [
	/routes\["\/api"\]\.agent: Sealport cannot do this, got {}/,
	/keeps the connections/,
]);
test.serial(wrong, json({routes: {'/api': {target: 1, timeout: 'long'}}}), [
	/routes\["\/api"\]\.timeout: expected milliseconds.*got "long"/,
	inFile,
]);
test.serial(wrong, json({routes: {'/api': {target: 1, pathRewrite: {'(': ''}}}}), [
	/routes\["\/api"\]\.pathRewrite: .*got {"\(":""}/,
	/"\^\/api"/,
]);
test.serial(wrong, json({routes: {'/api': {target: 1, rewrite: 'x'}}}), [
	/routes\["\/api"\]\.rewrite: expected a function, got "x"/,
	/stripPrefix/,
]);
// What does not go together.
test.serial(
	wrong,
	json({
		routes: [
			{match: '/a', backend: 1},
			{match: ['/b', 'x.localhost'], backend: 2},
			{match: '/b/', backend: 3},
			{match: 'X.localhost', backend: 4},
			{match: '/a/**', backend: 5},
		],
	}),
	[/routes\[2\]\.match: "\/b" is routes\[1\]'s too/, /in seal.*take one/],
	[/routes\[3\]\.match: "x\.localhost" is routes\[1\]'s too/, /take one/],
	[/routes\[4\]\.match: "\/a" is routes\[0\]'s too/, /take one/],
);
test.serial(
	wrong,
	json({
		routes: [
			{match: '/a', backend: 1},
			{match: '/a', backend: 2},
		],
	}),
	[/routes\[1\]\.match: "\/a" is routes\[0\]'s too/, /take one of the two away/],
);
test.serial(wrong, json({backend: 1, routes: {'/': 2}}), [
	/routes\["\/"\]: "\/" is .*backend/,
	/take one/,
]);
test.serial(
	wrong,
	json({port: 8443, routes: {'/': 3000, '/b': 8443, '/c': 'localhost:8443'}}),
	[/routes\["\/b"\]: http:\/\/localhost:8443 is the port that Sealport itself/, /--port/],
	[/routes\["\/c"\]: http:\/\/localhost:8443 is the port/, /--port/],
);
test.serial(wrong, json({routes, cert: 'a.pem'}), [
	/cert: given without a key, got ".*a\.pem"/,
	/its key/,
]);
test.serial(wrong, json({routes, pfx: 'a', selfSigned: true}), [
	/pfx and self-signed: only one/,
	/leave out/,
]);
test.serial(wrong, json({routes: {'/': {backend: 'h2c://localhost:1', changeOrigin: true}}}), [
	/routes\["\/"\]\.backend: .*HTTP\/2.*got "h2c/,
	/http:\/\//,
]);
// Several at once.
test.serial(
	wrong,
	json({prot: 1, routes: {'/': 80_800, '/a': {target: true}}, limits: {idle: 1}}),
	[/prot: .*got 1/, /port/],
	[/routes\["\/"\]: .*got "80800"/, inFile],
	[/routes\["\/a"\]\.target: .*got true/, inFile],
	[/limits\.idle: .*got 1/, inFile],
);
// Secrets.
test.serial(wrong, json({routes, passphrase: 31_337}), [
	/passphrase: expected text, got number$/,
	inFile,
]);
test.serial(wrong, json({routes: {'/': 'http://me:hunter2@localhost:1'}}), [
	/routes\["\/"\]: user and password (?!.*hunter2).*/,
	inFile,
]);
test.serial(wrong, json({routes: {'/': {target: 1, auth: 'hunter2'}}}), [
	/routes\["\/"\]\.auth: (?!.*hunter2).*got string$/,
	inFile,
]);
// Files that are not what they should be.
test.serial(wrong, json(''), [/config: sealport\.config\.json is empty/, /routes/]);
test.serial(wrong, json('\uFEFF'), [/config: sealport\.config\.json is empty/, /routes/]);
test.serial(wrong, json('{\n\t// the API\n\t"routes": 3000\n}'), [
	/config: sealport\.config\.json:2:2: .*no comments: "\/\/ the API"/,
	/sealport\.config\.ts/,
]);
test.serial(wrong, json('{"routes": 3000,}'), [/json:1:17: .*found }/, /trailing commas/]);
test.serial(wrong, json("{'routes': 3000}"), [/json:1:2: not JSON/, /double quotes/]);
test.serial(wrong, json('{"routes": {"/a": 1, "/a": 2}}'), [
	/json:1:22: .*"\/a" is there twice/,
	/last one/,
]);
test.serial(wrong, json('{"routes": 3000'), [/json:1:16: .*ends too early/, /close/]);
test.serial(wrong, {'package.json': {sealport: {prot: 1}}}, [
	/prot: .*got 1/,
	/in package\.json: did you/,
]);
// Code.
test.serial(wrong, ts('export default {routes: a,, }'), [
	/config: sealport\.config\.ts:1:27: syntax error: .*: "export default {routes: a,, }"/,
	/correct it/,
]);
test.serial(wrong, ts('\nexport default {routes: (undefined as any).b};'), [
	/config: sealport\.config\.ts:2:44: TypeError: .*: "export default/,
	/its code failed/,
]);
test.serial(wrong, ts('import a from "./no.js";\nexport default a;'), [
	/ts:1:1: .*'\.\/no\.js'/,
	/path of/,
]);
test.serial(wrong, ts('import a from "nothing-of-this";\nexport default a;'), [
	/ts:1:1: .*nothing-of/,
	/npm i/,
]);
test.serial(wrong, ts('export const routes = 3000;'), [
	/config: sealport\.config\.ts has no default/,
	/write/,
]);
test.serial(wrong, ts('throw "text"'), [/config: sealport\.config\.ts: it threw "text"/, /failed/]);
test.serial(wrong, ts('export default async () => ({routes: "x"})'), [
	/routes: .*got "x"/,
	/in seal.*ts: /,
]);
test.serial(
	wrong,
	ts('const a: any = {}; a.a = a; export default {routes: {"/": 1, "/a": a}}'),
	[/routes\["\/a"\]\.backend: .*nothing/, /such as 3000/],
	[/routes\["\/a"\]\.a: .*an object that contains itself/, /did you mean|known are/],
);
test.serial(wrong, ts('export default () => Promise.reject(new Error("boom"))'), [
	/ts:1:\d+: boom/,
	/failed/,
]);
