import {
	Client,
	type ClientOptions,
	credentials,
	type Metadata,
	type MethodDefinition,
	Server,
	ServerCredentials,
	type ServiceError,
	type UntypedHandleCall,
} from '@grpc/grpc-js';
import type {ExecutionContext} from 'ava';
import type {Endpoint} from './endpoint.js';

const asIs = (bytes: Buffer): Buffer => bytes;

function method(name: string, requestStream: boolean, responseStream: boolean) {
	return {
		path: `/sealport.Spec/${name}`,
		requestStream,
		responseStream,
		requestSerialize: asIs,
		requestDeserialize: asIs,
		responseSerialize: asIs,
		responseDeserialize: asIs,
	} satisfies MethodDefinition<Buffer, Buffer>;
}

/** A service without a schema: its messages are octets. */
export const methods = {
	unary: method('Unary', false, false),
	upload: method('Upload', true, false),
	download: method('Download', false, true),
	both: method('Both', true, true),
};

export type Handlers = {readonly [Name in keyof typeof methods]?: UntypedHandleCall};

/**
 * A gRPC server without TLS, ended when the spec ends.
 *
 * @param port a free one by default
 */
export async function startGrpcServer(
	t: ExecutionContext,
	handlers: Handlers,
	port = 0,
	options: ConstructorParameters<typeof Server>[0] = {},
): Promise<{readonly port: number; readonly server: Server}> {
	const server = new Server(options);
	server.addService(methods, {...handlers});
	const bound = await new Promise<number>((resolve, reject) => {
		const done = (error: Error | null, taken: number) => (error ? reject(error) : resolve(taken));
		server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), done);
	});
	t.teardown(() => server.forceShutdown());
	return {port: bound, server};
}

/** A gRPC client of what Sealport serves, over TLS, closed when the spec ends. */
export function openGrpcClient(
	t: ExecutionContext,
	to: Pick<Endpoint, 'port'> & {readonly ca: string | undefined},
	options: ClientOptions = {},
): Client {
	const trust = credentials.createSsl(Buffer.from(to.ca ?? ''));
	const client = new Client(`localhost:${to.port}`, trust, {
		'grpc.enable_http_proxy': 0,
		'grpc.enable_retries': 0,
		...options,
	});
	t.teardown(() => client.close());
	return client;
}

/** What a unary call came to. */
export interface Answer {
	readonly message: string;
	/** What the server sent before and behind its message. */
	readonly head: Metadata | undefined;
	readonly trailers: Metadata | undefined;
}

/** Calls a unary method. Rejects with gRPC's own error. */
export function callUnary(
	client: Client,
	message: string,
	metadata: Metadata,
	options: {readonly deadline?: Date} = {},
): Promise<Answer> {
	return new Promise((resolve, reject) => {
		let head: Metadata | undefined;
		let said: Buffer | undefined;
		const call = client.makeUnaryRequest(
			methods.unary.path,
			asIs,
			asIs,
			Buffer.from(message),
			metadata,
			options,
			(error: ServiceError | null, value?: Buffer) => {
				said = value;
				if (error !== null) {
					reject(error);
				}
			},
		);
		call.on('metadata', (came: Metadata) => {
			head = came;
		});
		call.on('status', ({metadata: trailers}) => resolve({message: String(said), head, trailers}));
	});
}

/** Opens a call whose messages go one way or both. */
export const open = {
	upload: (client: Client, done: (error: ServiceError | null, value?: Buffer) => void) =>
		client.makeClientStreamRequest(methods.upload.path, asIs, asIs, done),
	download: (client: Client, message: string) =>
		client.makeServerStreamRequest(methods.download.path, asIs, asIs, Buffer.from(message)),
	both: (client: Client, options: {readonly deadline?: Date} = {}) =>
		client.makeBidiStreamRequest(methods.both.path, asIs, asIs, options),
};
