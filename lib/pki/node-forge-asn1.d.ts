// The types of node-forge describe its whole; this is the one module of it that certificates need.
declare module 'node-forge/lib/asn1.js' {
	import type {asn1} from 'node-forge';

	const writer: typeof asn1;
	export default writer;
}
