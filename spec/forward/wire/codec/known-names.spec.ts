import test from 'ava';
import {known, knownName, tellsOfClient} from '../../../../lib/forward/wire/codec/known-names.js';

const names: Readonly<Record<keyof typeof known, string>> = {
	other: 'accept',
	connection: 'connection',
	keepAlive: 'keep-alive',
	proxyConnection: 'proxy-connection',
	te: 'te',
	transferEncoding: 'transfer-encoding',
	upgrade: 'upgrade',
	http2Settings: 'http2-settings',
	host: 'host',
	contentLength: 'content-length',
	trailer: 'trailer',
	forwardedFor: 'x-forwarded-for',
	forwardedProto: 'x-forwarded-proto',
	forwardedHost: 'x-forwarded-host',
	forwardedPort: 'x-forwarded-port',
	clientName: 'sealport-client',
	clientCertificate: 'client-cert',
	clientChain: 'client-cert-chain',
};

function lookUp(name: string) {
	const bytes = Buffer.from(`##${name}##`, 'latin1');
	return knownName(bytes, 2, bytes.length - 2);
}

test('every name is known in every casing', t => {
	for (const [id, name] of Object.entries(names)) {
		const expected = known[id as keyof typeof known];
		const mixed = name.replace(/[a-z]/g, (letter, at) => (at % 2 ? letter : letter.toUpperCase()));
		for (const casing of [name, name.toUpperCase(), mixed]) {
			t.is(lookUp(casing), expected, casing);
		}
	}
});

test('a name that is nearly another is not it', t => {
	for (const name of Object.values(names)) {
		const near = [
			name.slice(1),
			name.slice(0, -1),
			`${name}s`,
			`x${name}`,
			`${name.slice(0, -1)}_`,
		];
		if (name.includes('-')) {
			near.push(name.replace('-', ''), name.replace('-', '--'), name.replace('-', 'a'));
		}
		if (name.includes('-') && !tellsOfClient(name)) {
			near.push(name.replace('-', '_'));
		}
		for (const other of near) {
			t.is(lookUp(other), known.other, other);
		}
	}
});

test('what would be read as a name that tells of the client is that name', t => {
	const separators = [..."!#$%&'*+-.^_`|~"];
	for (const [id, name] of [
		['clientName', 'sealport-client'],
		['clientCertificate', 'client-cert'],
		['clientChain', 'client-cert-chain'],
	] as const) {
		for (const separator of separators) {
			for (const spelt of [name.replace('-', separator), name.replaceAll('-', separator)]) {
				t.is(lookUp(spelt), known[id], spelt);
				t.is(lookUp(spelt.toUpperCase()), known[id], spelt);
				t.true(tellsOfClient(spelt), spelt);
			}
		}
		for (const other of ['0', '9', 'a', 'z', 'A', 'Z']) {
			t.is(lookUp(name.replace('-', other)), known.other);
			t.false(tellsOfClient(name.replace('-', other)));
		}
	}
	t.false(tellsOfClient('x-forwarded-for'));
	t.false(tellsOfClient('content-type'));
});

test('names of any length are looked up', t => {
	for (const length of [0, 1, 31, 32, 33, 65_000]) {
		t.is(lookUp('t'.repeat(length)), known.other);
	}
});
