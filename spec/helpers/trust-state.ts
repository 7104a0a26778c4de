import type {OwnMachine} from './own-machine.js';

const script = `
find /etc/ssl /usr/local/share /var/lib -path /var/lib/dpkg -prune -o -printf '%p %y %m %U:%G %l\\n'
find /etc/ssl /usr/local/share /var/lib -path /var/lib/dpkg -prune -o -type f -exec sha256sum {} +
`;

/** Everything where the system keeps what it trusts: each path with kind, mode, owner and content. */
export async function trustState(machine: OwnMachine): Promise<readonly string[]> {
	const {code, stdout, stderr} = await machine.run('sh', ['-c', script]);
	if (code !== 0) {
		throw new Error(stderr);
	}
	return stdout.split('\n').sort();
}
