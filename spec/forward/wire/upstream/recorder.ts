import type {ProxyError} from '../../../../lib/errors.js';
import type {ResponseHead} from '../../../../lib/forward/wire/codec/response-head.js';
import type {
	Expected,
	ResponseReader,
} from '../../../../lib/forward/wire/upstream/response-reader.js';
import type {ResponseSink} from '../../../../lib/forward/wire/upstream/sink.js';

/** A sink that takes down what it is given, and asks to wait if it is told to. */
export class Recorder implements ResponseSink {
	readonly heads: ResponseHead[] = [];
	readonly informed: string[] = [];
	/** Of the response, and how its body is framed. */
	status: number | undefined;
	framing: number | 'chunked' | 'close' | undefined;
	/** The body, as it is to go on. */
	passed = '';
	tunnel: string | undefined;
	goOn = true;

	inform(head: ResponseHead): void {
		this.informed.push(head.bytes.toString('latin1'));
	}

	respond(head: ResponseHead, framing: number | 'chunked' | 'close', bytes: Buffer | undefined) {
		this.heads.push(head);
		this.status = head.status;
		this.framing = framing;
		return bytes === undefined ? this.goOn : this.body(bytes);
	}

	body(bytes: Buffer): boolean {
		this.passed += bytes.toString('latin1');
		return this.goOn;
	}

	switched(head: ResponseHead): void {
		this.heads.push(head);
		this.status = head.status;
		this.tunnel = '';
	}

	tunnelled(bytes: Buffer): boolean {
		this.tunnel += bytes.toString('latin1');
		return this.goOn;
	}

	end(): void {}

	closed(): void {}

	drained(): void {}

	fail(_error: ProxyError): void {}
}

/** What becomes of one response. */
export interface Outcome {
	readonly sink: Recorder;
	readonly done: boolean;
	readonly reusable: boolean;
	/** Body and tail, as they are to go on. */
	readonly passed: string;
}

/** Expects a response and reads it from parts, each in memory that is overwritten when it has been read. */
export function readResponse(
	reader: ResponseReader,
	parts: readonly Buffer[],
	expected: Partial<Expected> = {},
): Outcome {
	const sink = new Recorder();
	reader.expect({method: 'GET', unchunk: false, ...expected}, sink);
	for (const part of parts) {
		const memory = Buffer.from(part);
		if (reader.switched) {
			sink.tunnelled(memory);
		} else if (reader.done) {
			// As a connection has it: more than announced.
			reader.reusable = false;
		} else {
			reader.read(memory);
		}
		memory.fill('!');
	}
	const {done, reusable, tail} = reader;
	return {sink, done, reusable, passed: sink.passed + (tail?.toString('latin1') ?? '')};
}
