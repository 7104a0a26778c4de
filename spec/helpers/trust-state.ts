import type {OwnMachine} from './own-machine.js';

const script = `
cd /
find etc/ssl usr/local/share var/lib/ca-certificates-java -printf '%p %y %m %U:%G %l\\n'
find etc/ssl usr/local/share var/lib/ca-certificates-java -type f -exec sha256sum {} +
find var/lib -maxdepth 1
`;

/** Everything where the system keeps what it trusts: each path with kind, mode, owner and content. */
export async function trustState(machine: OwnMachine): Promise<readonly string[]> {
	const {code, stdout, stderr} = await machine.run('sh', ['-ec', script]);
	if (code !== 0) {
		throw new Error(stderr);
	}
	return stdout.split('\n').sort();
}

/** What has changed there since: what went with a minus, what came with a plus. */
export async function changesSince(
	before: readonly string[],
	machine: OwnMachine,
): Promise<readonly string[]> {
	const [then, now] = [new Set(before), new Set(await trustState(machine))];
	return [
		...[...then].filter(line => !now.has(line)).map(line => `- ${line}`),
		...[...now].filter(line => !then.has(line)).map(line => `+ ${line}`),
	];
}
