import {certFlags} from './cert-flags.js';
import type {Command} from './command.js';
import type {CertFlags} from './commands/cert.js';
import type {FirewallFlags} from './commands/firewall.js';
import type {HostsFlags} from './commands/hosts.js';
import type {RunFlags} from './commands/run.js';
import type {TrustFlags} from './commands/trust.js';
import {firewallFlags} from './firewall-flags.js';
import {doctorFlags, envFlags, type Flags, flags, runFlags, wrapFlags} from './flags.js';
import {hostsFlags} from './hosts-flags.js';
import {trustFlags, untrustFlags} from './trust-flags.js';

/** The commands beside the default one, in the order of `--help`. What they run is loaded when they run. */
export const commands: readonly Command[] = [
	{
		usage: 'run',
		summary: 'start a dev server, and wrap it',
		title: 'run [flags] [--] [command]   starts a dev server, and wraps it',
		flags: runFlags,
		takesCommand: 'bare',
		examples: [
			['$0 run', 'the dev script of this project'],
			['$0 run vite', 'told its port by PORT, or by its flags'],
			['$0 run --restart node server.js', 'once more whenever it crashes'],
		],
		run: async (given, rest) =>
			(await import('./commands/run.js')).run(given as RunFlags, rest ?? []),
	},
	{
		usage: 'demo',
		summary: 'wrap a small built-in backend, to look at',
		title: 'demo   https://localhost:62893 for a small built-in backend',
		flags,
		examples: [
			['$0 demo', 'see that it works'],
			['$0 demo --name demo.localhost', 'https://demo.localhost:62893'],
		],
		run: async given => (await import('./commands/demo.js')).demo(given as Flags),
	},
	{
		usage: 'trust',
		summary: 'put the CA into the trust stores here',
		title: 'trust   makes browsers and programs trust the certificates made here',
		flags: trustFlags,
		examples: [
			['$0 trust --dry-run', 'see first what it would do'],
			['$0 trust --domain dev.example.com', 'allow a domain of yours as well'],
		],
		run: async given => (await import('./commands/trust.js')).trust(given as TrustFlags),
	},
	{
		usage: 'untrust',
		summary: 'take it out again',
		title: 'untrust   takes the CA out of the trust stores of this machine',
		flags: untrustFlags,
		examples: [
			['$0 untrust --dry-run', 'see first what it would do'],
			['$0 untrust --store nss', 'of browsers only'],
		],
		run: async given => (await import('./commands/trust.js')).untrust(given as TrustFlags),
	},
	{
		usage: 'env',
		summary: 'variables by which programs trust the CA',
		title: 'env [-- command]   variables by which programs trust the CA',
		flags: envFlags,
		takesCommand: true,
		examples: [
			['eval "$($0 env)"', 'for this shell, and what it starts'],
			['$0 env -- npm test', 'for one command'],
		],
		run: async (given, rest) => (await import('./commands/env.js')).env(given, rest),
	},
	{
		usage: 'cert [names..]',
		summary: 'write certificate files for other programs',
		title: 'cert [names..]   a certificate and its key as files, for other programs',
		flags: certFlags,
		positionals: {
			names: {describe: 'host names and addresses', otherwise: 'localhost 127.0.0.1 ::1'},
		},
		examples: [
			['$0 cert app.test 127.0.0.1', 'app.test.pem and app.test-key.pem'],
			['$0 cert --client alice', 'alice-client.pem and alice-client-key.pem'],
		],
		run: async given => (await import('./commands/cert.js')).cert(given as CertFlags),
	},
	{
		usage: 'hosts [args..]',
		summary: 'add lines to the hosts file, and remove them',
		title: 'hosts [add|remove] [names..]   lines of the hosts file',
		flags: hostsFlags,
		positionals: {
			args: {
				describe: 'add <names..>, or remove [names..]',
				otherwise: 'show the lines',
			},
		},
		examples: [
			['$0 hosts add app.test', 'app.test leads to this machine'],
			['$0 hosts', 'the lines that Sealport has put there'],
			['$0 hosts remove', 'take all of them out again'],
		],
		run: async given => (await import('./commands/hosts.js')).hosts(given as HostsFlags),
	},
	{
		usage: 'firewall [backend]',
		summary: 'print rules of a firewall for who may connect',
		title: 'firewall [backend]   rules of a firewall that match who may connect',
		flags: firewallFlags,
		positionals: {backend: {describe: 'as sealport takes it: 3000, host:port, ...'}},
		examples: [
			['$0 firewall --allow user=me', 'let in nobody else; load it as it says'],
			['$0 firewall --for pf', 'for macOS and BSD'],
			['$0 firewall --check', 'does a rule in force go against it?'],
		],
		run: async given =>
			(await import('./commands/firewall.js')).firewall(
				given.backend as string | undefined,
				given as FirewallFlags,
			),
	},
	{
		usage: 'config [backend]',
		summary: 'print what holds, and where it comes from',
		title: 'config [backend]   what sealport would go by, and where each value comes from',
		flags: wrapFlags,
		positionals: {backend: {describe: 'as sealport takes it: 3000, host:port, ...'}},
		examples: [['$0 config --json', 'for programs']],
		run: async given =>
			(await import('./commands/config.js')).config(
				given.backend as string | undefined,
				given as Flags,
			),
	},
	{
		usage: 'doctor [backend]',
		summary: 'try every client, say what is in the way',
		title: 'doctor [backend]   tries every client on this machine',
		flags: doctorFlags,
		positionals: {backend: {describe: 'a dev server to look at as well: 3000, host:port, ...'}},
		examples: [['$0 doctor 3000', 'look at the dev server on port 3000, too']],
		run: async given =>
			(await import('./commands/doctor.js')).doctor(
				given.backend as string | undefined,
				given as Flags,
			),
	},
	{
		usage: 'completion [shell]',
		summary: 'what makes Tab complete in your shell',
		title: 'completion [shell]   what makes Tab complete commands, flags and ports',
		flags: {},
		positionals: {
			shell: {describe: 'bash, zsh, fish or powershell', otherwise: 'by $SHELL'},
		},
		examples: [
			['$0 completion bash >> ~/.bashrc', 'bash'],
			['$0 completion zsh >> ~/.zshrc', 'zsh'],
			['$0 completion fish | source', 'fish; keep it in config.fish'],
			['$0 completion powershell', 'PowerShell: add it to $PROFILE'],
		],
		run: async given =>
			(await import('./commands/completion.js')).completion(given.shell as string | undefined),
	},
];
