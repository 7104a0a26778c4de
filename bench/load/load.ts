/** Load that runs until it is ended. */
export interface Load {
	/** How long it lasts if nobody ends it, in seconds. */
	readonly lasts: number;
	/** Ends it. @throws Error when it did not go as it should: refused, failed or other responses than 200 */
	end(): Promise<void>;
	/** Ends it at once, whatever has become of it. */
	abandon(): Promise<void>;
}
