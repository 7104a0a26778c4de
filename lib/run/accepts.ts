import {connect} from 'node:net';

/** Milliseconds in which a loopback address answers, however busy the machine is. */
const patience = 5000;

/** Whether somebody accepts connections to this port on one of the loopback addresses. */
export async function accepts(port: number): Promise<boolean> {
	const both = await Promise.all(['127.0.0.1', '::1'].map(host => acceptsAt(host, port)));
	return both.includes(true);
}

function acceptsAt(host: string, port: number): Promise<boolean> {
	return new Promise(resolve => {
		const socket = connect({host, port, timeout: patience});
		const finish = (answer: boolean) => {
			socket.destroy();
			resolve(answer);
		};
		socket.once('connect', () => finish(true));
		socket.once('timeout', () => finish(false));
		socket.once('error', () => finish(false));
	});
}
