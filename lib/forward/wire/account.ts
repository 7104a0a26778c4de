import type {ProxyError} from '../../errors.js';
import type {ExchangeReport} from '../seams.js';

/** What is known of a request from the start. */
export type Requested = Pick<ExchangeReport, 'client' | 'version' | 'method' | 'target' | 'host'>;

/** What is to be told of one exchange, once, when it is over. */
export class Account {
	/** Of the response; `undefined` as long as none has begun. */
	status: number | undefined;
	#failure: ProxyError | undefined;
	/** Whether it has been told. */
	isClosed = false;
	readonly #requested: Requested;
	readonly #report: (report: ExchangeReport) => void;
	readonly #started = performance.now();

	constructor(requested: Requested, report: (report: ExchangeReport) => void) {
		this.#requested = requested;
		this.#report = report;
	}

	/** Notes what failed; the first failure counts, and an answer that is meant to be given is none. */
	fail(error: ProxyError): void {
		if (error.answer === undefined || error.policy !== undefined) {
			this.#failure ??= error;
		}
	}

	/** @param complete whether the client got everything that was to be sent to it */
	close(complete: boolean): void {
		if (this.isClosed) {
			return;
		}
		this.isClosed = true;
		// One by one: to spread an object takes longer than all the rest of this.
		const {client, version, method, target, host} = this.#requested;
		const {status} = this;
		const failure = this.#failure;
		const milliseconds = performance.now() - this.#started;
		this.#report({
			client,
			version,
			method,
			target,
			host,
			status,
			complete,
			milliseconds,
			failure,
		});
	}
}
