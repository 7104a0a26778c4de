import {type ChildProcess, spawn} from 'node:child_process';
import {statSync} from 'node:fs';
import {createInterface} from 'node:readline';
import type {End} from './address.js';

/** A socket as the kernel knows it. */
export interface KernelSocket {
	/** `include/net/tcp_states.h`: 1 is established. */
	readonly state: number;
	readonly uid: number;
	/** `0` when no process has it open any more. */
	readonly inode: string;
}

/** Asks the kernel for single sockets. */
export interface Netlink {
	/** Returns `undefined` when it has no such socket, or the question could not be put. */
	ask(local: End, remote: End): Promise<KernelSocket | undefined>;
	close(): void;
}

/**
 * Node.js opens no netlink sockets, and Perl, which is nearly everywhere, does. Its whole part is to wrap
 * one question (sock_diag(7): `inet_diag_req_v2` for exactly one socket, with the cookie that fits all)
 * and to unwrap the answer, in microseconds; the tables in `/proc/net` take the kernel tens of
 * milliseconds when there are many sockets. It ends with its input.
 */
const script = `
$| = 1;
socket(my $netlink, 16, 3, 4) or exit 1;
my $sequence = 0;
while (my $line = <STDIN>) {
	my ($family, $local, $port, $remote, $remotePort) = split ' ', $line;
	my $question = pack('C4 L n2 a16 a16 L3', $family, 6, 0, 0, 0xffffffff, $port, $remotePort,
		pack('H*', $local), pack('H*', $remote), 0, 0xffffffff, 0xffffffff);
	$sequence++;
	send($netlink, pack('L S2 L2', 16 + length $question, 20, 1, $sequence, 0) . $question, 0) or exit 1;
	my ($answer, $type, $number);
	do {
		defined recv($netlink, $answer, 8192, 0) or exit 1;
		(my $length, $type, my $flags, $number) = unpack('L S2 L', $answer);
	} until $number == $sequence;
	if ($type == 20) {
		my ($uid, $inode) = unpack('L2', substr($answer, 80, 8));
		print unpack('C', substr($answer, 17, 1)), " $uid $inode\\n";
	} else {
		print "-\\n";
	}
}
`;

/** Where Perl is looked for: nowhere that somebody else could have put it. */
const places = ['/usr/bin/perl', '/bin/perl', '/usr/local/bin/perl'];

function findPerl(): string | undefined {
	return places.find(place => {
		const found = statSync(place, {throwIfNoEntry: false});
		return found?.isFile() && found.uid === 0 && (found.mode & 0o022) === 0;
	});
}

/** After how many milliseconds without an answer it has failed. */
const patience = 500;

/** After how many failures it is left alone, and for how many milliseconds. */
const failuresAtMost = 3;
const rest = 60_000;

/** @param perl where it lies; `undefined` for a machine that has none */
export function openNetlink(perl: string | undefined = findPerl()): Netlink {
	type Told = (line: string | undefined) => void;
	let running: {readonly child: ChildProcess; readonly told: Told[]} | undefined;
	let failures = 0;
	let lastFailure = 0;
	const start = () => {
		if (performance.now() - lastFailure > rest) {
			failures = 0;
		}
		if (perl === undefined || failures >= failuresAtMost) {
			return undefined;
		}
		const child = spawn(perl, ['-T', '-e', script], {
			stdio: ['pipe', 'pipe', 'ignore'],
			env: {},
			cwd: '/',
		});
		const told: Told[] = [];
		const started = {child, told};
		const end = () => {
			if (running === started) {
				running = undefined;
				failures++;
				lastFailure = performance.now();
			}
			child.kill('SIGKILL');
			for (const tell of told.splice(0)) {
				tell(undefined);
			}
		};
		child.once('error', end);
		child.once('close', end);
		child.stdin.on('error', end);
		createInterface({input: child.stdout}).on('line', line => told.shift()?.(line));
		running = started;
		return started;
	};
	start();
	return {
		async ask(local, remote) {
			const now = running ?? start();
			if (now === undefined) {
				return undefined;
			}
			const line = await new Promise<string | undefined>(resolve => {
				const deadline = setTimeout(() => now.child.kill('SIGKILL'), patience);
				now.told.push(answer => {
					clearTimeout(deadline);
					resolve(answer);
				});
				now.child.stdin?.write(`${question(local, remote)}\n`);
			});
			const [state, uid, inode] = line === undefined ? [] : line.split(' ');
			return state === undefined || uid === undefined || inode === undefined
				? undefined
				: {state: Number(state), uid: Number(uid), inode};
		},
		close() {
			running?.child.stdin?.end();
			running?.child.kill('SIGKILL');
		},
	};
}

/** With AF_INET the kernel finds IPv6 sockets that are connected to an IPv4 address, too. */
function question(local: End, remote: End): string {
	const family = local.address.length === 4 ? 2 : 10;
	const print = ({address, port}: End) => `${address.toString('hex')} ${port}`;
	return `${family} ${print(local)} ${print(remote)}`;
}
