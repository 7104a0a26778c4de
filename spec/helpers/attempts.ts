import {X509Certificate} from 'node:crypto';
import type {ExecutionContext} from 'ava';
import {caExtensions, type Forged, type Loot, serverExtensions, sign} from './thief.js';

/** A public name. */
export const bank = 'www.bank.example';

/** What somebody with a stolen issuing key would try. */
export interface Attempt {
	readonly what: string;
	/** What the client asks for. */
	readonly host: string;
	readonly forge: (t: ExecutionContext, loot: Loot) => Promise<Forged>;
	/** Whether nothing but the constraints on names is in its way. */
	readonly unpermitted: boolean;
}

const leaf =
	(subject: string, names?: string): Attempt['forge'] =>
	(t, {issuing}) =>
		sign(t, issuing, subject, serverExtensions(names));

/** All of them have to fail. */
export const attempts: readonly Attempt[] = [
	{
		what: 'a leaf for a public name',
		host: bank,
		forge: leaf(`/CN=${bank}`, `DNS:${bank}`),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public name beside localhost, to localhost',
		host: 'localhost',
		forge: leaf('/CN=localhost', `DNS:localhost,DNS:${bank}`),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public name beside localhost, to the public name',
		host: bank,
		forge: leaf('/CN=localhost', `DNS:localhost,DNS:${bank}`),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public IPv4 address',
		host: 'localhost',
		forge: leaf('/CN=localhost', 'DNS:localhost,IP:203.0.113.7'),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public IPv6 address',
		host: 'localhost',
		forge: leaf('/CN=localhost', 'DNS:localhost,IP:2001:db8::7'),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public IPv4 address written as IPv6',
		host: 'localhost',
		forge: leaf('/CN=localhost', 'DNS:localhost,IP:::ffff:203.0.113.7'),
		unpermitted: true,
	},
	{
		what: 'a leaf with the public name as its common name, and no other',
		host: bank,
		forge: leaf(`/CN=${bank}`),
		unpermitted: false,
	},
	{
		what: 'a leaf with the public name as its common name, and an address that is permitted',
		host: bank,
		forge: leaf(`/CN=${bank}`, 'IP:127.0.0.1'),
		unpermitted: false,
	},
	{
		what: 'a leaf for localhost with the public name as its common name',
		host: bank,
		forge: leaf(`/CN=${bank}`, 'DNS:localhost'),
		unpermitted: false,
	},
	{
		what: 'a leaf for a name that is public up to a NUL, and local after it',
		host: bank,
		forge(t, {issuing}) {
			const name = Buffer.from(`${bank}\0.localhost`);
			const tagged = Buffer.concat([Buffer.from([0x82, name.length]), name]);
			const names = Buffer.concat([Buffer.from([0x30, tagged.length]), tagged]);
			return sign(t, issuing, '/O=Thief', [
				...serverExtensions(),
				`2.5.29.17=DER:${names.toString('hex')}`,
			]);
		},
		unpermitted: false,
	},
	{
		what: 'a leaf with the public name as a URI',
		host: bank,
		forge: leaf(`/CN=${bank}`, `URI:https://${bank}/`),
		unpermitted: false,
	},
	{
		what: 'a leaf for a wildcard',
		host: bank,
		forge: leaf('/O=Thief', 'DNS:*.bank.example'),
		unpermitted: true,
	},
	{
		what: 'a leaf for a public name in upper case and with a dot at its end',
		host: bank,
		forge: leaf('/O=Thief', `DNS:${bank.toUpperCase()}.`),
		unpermitted: false,
	},
	{
		what: 'a leaf for localhost below a new intermediate',
		host: 'localhost',
		async forge(t, {issuing}) {
			const intermediate = await sign(t, issuing, '/CN=New intermediate', caExtensions);
			return sign(t, intermediate, '/CN=localhost', serverExtensions('DNS:localhost'));
		},
		unpermitted: false,
	},
	{
		what: 'a leaf for a public name below a new intermediate that permits it',
		host: bank,
		async forge(t, {issuing}) {
			const intermediate = await sign(t, issuing, '/CN=New intermediate', [
				...caExtensions,
				'nameConstraints=critical,permitted;DNS:bank.example',
			]);
			return sign(t, intermediate, `/CN=${bank}`, serverExtensions(`DNS:${bank}`));
		},
		unpermitted: false,
	},
	{
		what: "a leaf for a public name below an intermediate of the issuing CA's own name",
		host: bank,
		async forge(t, {issuing}) {
			const {subject} = new X509Certificate(issuing.certificate);
			const name = `/${subject.replaceAll('\n', '/')}`;
			const intermediate = await sign(t, issuing, name, caExtensions);
			return sign(t, intermediate, `/CN=${bank}`, serverExtensions(`DNS:${bank}`));
		},
		unpermitted: true,
	},
];
