/**
 * What went wrong on the way of one exchange. Codes are stable: programs and specs may rely on them.
 */
export type ProxyErrorCode =
	| 'request-malformed'
	| 'route-missing'
	| 'head-timeout'
	| 'head-too-large'
	| 'method-refused'
	| 'name-not-served'
	| 'access-denied'
	| 'certificate-refused'
	| 'credentials-missing'
	| 'too-many-tries'
	| 'function-failed'
	| 'draining'
	| 'backend-refused'
	| 'backend-reset'
	| 'backend-malformed'
	| 'backend-timeout'
	| 'loop';

/** Who caused a failure: the client, the backend, or Sealport itself. */
export type ErrorSource = 'downstream' | 'upstream' | 'internal';

/** A failure of one exchange, which the client is told of if it is still there. */
export class ProxyError extends Error {
	override readonly name = 'ProxyError';

	/**
	 * @param code stable name of the failure
	 * @param source who caused it
	 * @param message what failed, with which value, and why; lower case, no full stop
	 * @param options `hint` is the next action for the reader, `cause` the error beneath, `lastWords` what
	 * the backend's own process has printed last, where that is known, `policy` which policy has refused,
	 * `fields` what the answer's head has beside, `answer` what the client gets instead of being told
	 */
	constructor(
		readonly code: ProxyErrorCode,
		readonly source: ErrorSource,
		message: string,
		options: {
			readonly hint?: string;
			readonly cause?: unknown;
			readonly lastWords?: (() => string | undefined) | undefined;
			readonly policy?: string;
			readonly fields?: readonly string[];
			readonly answer?: Answer;
		} = {},
	) {
		super(message, {cause: options.cause});
		this.hint = options.hint;
		this.lastWords = options.lastWords;
		this.policy = options.policy;
		this.fields = options.fields ?? [];
		this.answer = options.answer;
	}

	readonly hint: string | undefined;
	/** Asked when the failure is told, since a process says why it ends about when its connections do. */
	readonly lastWords: (() => string | undefined) | undefined;
	/** The policy that has refused the request; `undefined` for whatever else failed. */
	readonly policy: string | undefined;
	/** Header fields for the answer: name, value, name, value. */
	readonly fields: readonly string[];
	readonly answer: Answer | undefined;
}

/** An answer that Sealport gives itself, with its body complete. */
export interface Answer {
	readonly status: number;
	readonly reason: string;
	/** Name, value, name, value. */
	readonly headers: readonly string[];
	readonly body: Buffer;
}

/** What a person can mend: a wrong option, a port that is taken, a file that cannot be read. */
export type UserErrorCode =
	| 'usage'
	| 'option-invalid'
	| 'config-unreadable'
	| 'config-invalid'
	| 'port-taken'
	| 'port-forbidden'
	| 'address-unavailable'
	| 'certificate-unreadable'
	| 'certificate-invalid'
	| 'key-mismatch'
	| 'passphrase-wrong'
	| 'store-unusable'
	| 'trust-store-unusable'
	| 'name-outside-constraints'
	| 'command-unusable'
	| 'file-exists'
	| 'file-unwritable'
	| 'hosts-unusable';

/** An error whose message and hint are made for the person who started Sealport. */
export class UserError extends Error {
	override readonly name = 'UserError';
	readonly hint: string | undefined;

	/**
	 * @param code stable name of the failure
	 * @param message what failed, with which value, and why; lower case, no full stop
	 * @param options `hint` is the next action for the reader, `cause` the error beneath
	 */
	constructor(
		readonly code: UserErrorCode,
		message: string,
		options: {readonly hint?: string; readonly cause?: unknown} = {},
	) {
		super(message, {cause: options.cause});
		this.hint = options.hint;
	}
}

/** The `code` of a Node.js system error, such as `ECONNREFUSED`, or `undefined` for anything else. */
export function systemCode(error: unknown): string | undefined {
	if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
		return error.code;
	}
	return undefined;
}

const reasons: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EPERM: 'operation not permitted',
	EROFS: 'read-only file system',
	ENOSPC: 'no space left on the device',
	EDQUOT: 'disk quota exceeded',
	ENOENT: 'no such file or directory',
	ENOTDIR: 'not a directory',
	EISDIR: 'it is a directory',
	ELOOP: 'it is a symbolic link',
	ENAMETOOLONG: 'the path is too long',
	EMFILE: 'too many open files',
};

/**
 * Why a file operation failed, in words, with the system's code.
 *
 * @param error what `node:fs` threw
 */
export function reasonOf(error: unknown): string {
	const code = systemCode(error);
	if (code === undefined) {
		return 'unknown error';
	}
	return code in reasons ? `${reasons[code]} (${code})` : code;
}

/** What to do where a file could not be written. */
export function remedyOf(error: unknown): string {
	const isFull = ['ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? '');
	return isFull ? 'make room on that disk' : 'make the directory writable';
}
