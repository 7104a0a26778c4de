import type {Client, ClientCertificate, Ends, Peers} from '../forward/seams.js';

/**
 * Who is at the other end of a connection.
 *
 * @param certificate by which it has proved who it is; `undefined` when it was not asked for one
 */
export function clientOf(
	{remoteAddress, remotePort}: Pick<Ends, 'remoteAddress' | 'remotePort'>,
	peers: Peers | Error | undefined,
	certificate: ClientCertificate | Error | undefined,
): Client {
	const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/, '');
	return {address, port: remotePort, peers, certificate};
}
