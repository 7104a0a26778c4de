import {readFileSync} from 'node:fs';
import {inspect} from 'node:util';
import {Ajv} from 'ajv';
import test from 'ava';
import {checkFile} from '../../lib/config/file.js';
import {Problems} from '../../lib/config/problems.js';

const schema = JSON.parse(
	readFileSync(new URL('../../../lib/config/schema.json', import.meta.url), 'utf8'),
) as object;
const bySchema = new Ajv({allowUnionTypes: true, strict: true, strictRequired: false}).compile(
	schema,
);

const routes = {'/': 3000};
const right: readonly object[] = [
	{},
	{$schema: './node_modules/sealport/lib/config/schema.json', backend: 3000},
	{routes: 3000, port: 0, host: '127.0.0.1', names: ['app.localhost'], wait: 0.5},
	{routes: 'localhost:3000', port: '8443', lane: 'message', keyType: 'rsa'},
	{routes: {'/': 'unix:x.sock', '/api': {target: 'http://localhost:4000', changeOrigin: true}}},
	{
		routes: {
			'^/v[12]/': {backend: 1, cookieDomainRewrite: {'*': ''}, headers: {'X-A': ['a', 'b']}},
		},
	},
	{
		routes: [
			{context: ['/a', '/b'], target: {host: 'localhost', port: 1}, pathRewrite: {'^/a': ''}},
		],
	},
	{routes, cert: 'a', key: 'b', passphrase: 'c', certs: 'd', selfSigned: false},
	{
		routes,
		limits: {headSize: 1024, idle: 100},
		open: true,
		json: false,
		quiet: true,
		verbose: false,
	},
	{routes, command: 'npm run dev'},
	{routes, command: ['node', 'server.js']},
];
const wrong: readonly unknown[] = [
	3000,
	[],
	null,
	{prot: 1},
	{signal: {}},
	{routes: true},
	{routes: {}},
	{routes: []},
	{routes: [3000]},
	{routes: 80_800},
	{routes: {'/': null}},
	{routes: {'/': {}}},
	{routes: {'/': {target: 1, backend: 2}}},
	{routes: {'/': {target: 1, changeOrigin: 'yes'}}},
	{routes: {'/': {target: 1, agent: {}}}},
	{routes: {'/': {target: 1, timeout: 0}}},
	{routes: {'/': {target: 1, match: '/a'}}},
	{routes: {'/': 'https://localhost:1'}},
	{routes: [{backend: 1, match: [], context: []}]},
	{routes: [{backend: 1, match: 5}]},
	{backend: true},
	{port: 65_536},
	{port: -1},
	{port: 'x'},
	{host: 127},
	{names: 'a'},
	{names: ['a b']},
	{wait: '5'},
	{wait: -1},
	{lane: 'fast'},
	{keyType: 'dsa'},
	{limits: {headsize: 1024}},
	{limits: {headSize: 1.5}},
	{limits: []},
	{open: 'yes'},
	{command: []},
	{command: 5},
	{cert: 5},
];

for (const [content, isRight] of [
	...right.map(each => [each, true] as const),
	...wrong.map(each => [each, false] as const),
]) {
	test(`schema and validator ${isRight ? 'take' : 'refuse'} ${inspect(content, {depth: 9, breakLength: Number.POSITIVE_INFINITY})}`, t => {
		t.is(bySchema(content), isRight, JSON.stringify(bySchema.errors));
		const problems = new Problems();
		checkFile(content, problems);
		t.is(problems.list.length === 0, isRight, JSON.stringify(problems.list));
		t.true(problems.list.every(({hint}) => hint !== undefined));
	});
}
