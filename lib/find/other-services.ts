import type {Listening} from './listening.js';

/** Ports that nobody gives a dev server, and on which some answer in HTTP all the same. */
const ports = new Set([
	22, // ssh
	25, // mail
	53, // names
	111, // rpcbind
	631, // CUPS
	1433, // SQL Server
	1521, // Oracle
	2181, // ZooKeeper
	2375, // Docker
	2376,
	2379, // etcd
	3306, // MySQL
	4317, // OpenTelemetry
	4318,
	5037, // adb
	5353, // mDNS
	5432, // PostgreSQL
	5672, // RabbitMQ
	6379, // Redis
	6380,
	9042, // Cassandra
	9092, // Kafka
	9200, // Elasticsearch
	9222, // browsers, for debuggers
	9229, // Node.js, for debuggers
	9300, // Elasticsearch among itself
	11_211, // memcached
	11_434, // Ollama
	24_678, // hot reload of Vite behind another server
	27_017, // MongoDB
	35_729, // LiveReload
]);

/** Programs that listen for their own ends: the name, or its first word. */
const programs = new RegExp(
	`^(?:${[
		'sshd?|systemd|dnsmasq|avahi|mdnsresponder|cupsd|rpcbind|exim|smbd|svchost|lsass|spoolsv|system',
		'postgres|mysqld|mariadbd|redis|valkey|mongo[ds]|memcached|etcd|cockroach|influxd|clickhouse',
		'chrom\\w*|google chrome|firefox|msedge|microsoft edge|brave|safari|opera|vivaldi|webkit\\w*',
		'code|vscodium|codium|cursor|windsurf|zed|idea|webstorm|pycharm|goland|phpstorm|rider|clion|studio',
		'slack|discord|spotify|dropbox|zoom|teams|steam|onedrive|figma|1password|ollama|adb|gpg-agent',
		'controlcenter|rapportd|sharingd|airplay\\w*|remoted|identityservicesd',
	].join('|')})(?![a-z])`,
	'i',
);

/** Whether something that listens is no dev server, by its name or its port. */
export function isOtherService({
	port,
	name,
	argv,
}: Pick<Listening, 'port' | 'name' | 'argv'>): boolean {
	return ports.has(port) || programs.test(name) || inspectorPort(argv) === port;
}

/** The port that Node.js was told to wait on for debuggers. */
function inspectorPort(argv: readonly string[]): number | undefined {
	const flags = argv.map(word => /^--inspect(?:-brk|-wait|-port)?=(?:.*:)?(\d+)$/.exec(word)?.[1]);
	const port = flags.find(found => found !== undefined);
	return port === undefined ? undefined : Number(port);
}
