import type {WireContext} from '../../context.js';
import type {ErrorCode} from '../framing/errors.js';
import type {Output} from '../output/output.js';
import type {Sending} from '../output/sending.js';

/** Who is told when the present read is over. */
export interface Gathering {
	gathered(): void;
}

/** The connection of a stream, as the stream sees it. */
export interface Channel {
	readonly context: WireContext;
	readonly output: Output;
	readonly sending: Sending;
	/** Sends a field block. */
	sendHeaders(stream: number, block: Buffer, endStream: boolean): void;
	/** Has somebody told when the present read is over. */
	gather(gathering: Gathering): void;
	/** The stream is closed: both sides have ended it. */
	ended(stream: number): void;
	/** Closes a stream by RST_STREAM, unless it is closed. */
	resetStream(stream: number, code: ErrorCode): void;
}
