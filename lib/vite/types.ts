/** What the plugin needs of Vite, whose own types it does without: Vite stays the project's choice. */
export interface Logger {
	info(message: string): void;
	warn(message: string): void;
	error(message: string): void;
}

/** A configuration as Vite has read it. */
export interface UserConfig {
	readonly server?: {readonly allowedHosts?: readonly string[] | true | undefined} | undefined;
	readonly preview?: {readonly allowedHosts?: readonly string[] | true | undefined} | undefined;
}

/** What the plugin adds to the configuration. */
export interface AddedConfig {
	server?: {allowedHosts: string[]};
	preview?: {allowedHosts: string[]};
}

/** What Vite's dev server and its preview server have in common. */
export interface AnyServer {
	readonly config: {
		readonly root: string;
		readonly base: string;
		readonly logger: Logger;
		readonly server: {origin?: string | undefined};
	};
	/** `null` where Vite is a part of another server. */
	readonly httpServer: object | null;
	resolvedUrls: {readonly local: string[]; readonly network: string[]} | null;
	printUrls(): void;
}

/** Vite's dev server. */
export interface DevServer extends AnyServer {
	listen(port?: number, isRestart?: boolean): Promise<unknown>;
	openBrowser(): void;
}

/** A plugin as Vite takes it. */
export interface SealportPlugin {
	readonly name: 'sealport';
	readonly apply: 'serve';
	config(config: UserConfig): AddedConfig;
	configureServer(server: DevServer): void;
	configurePreviewServer(server: AnyServer): void;
}
