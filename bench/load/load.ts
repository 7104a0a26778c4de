/** Load that runs until it is ended. */
export interface Load {
	/** Ends it. @throws Error when it did not go as it should: refused, failed or other responses than 200 */
	end(): Promise<void>;
}
