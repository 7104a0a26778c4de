import {errorCodes, frameTypes} from '../../helpers/http2/names.js';
import type {Audit} from './audit.js';
import {blocksOf, type Cut} from './cut.js';

/**
 * Checks that every stream that a client has opened has come to an end, unless the connection was ended by an
 * error.
 *
 * @param heard what the client has sent
 * @throws Error for a stream that has none
 */
export function checkEnds(heard: readonly Cut[], {streams, goaways}: Audit): void {
	if (goaways.some(code => code !== errorCodes.NO_ERROR)) {
		return;
	}
	const isReset = (id: number) =>
		heard.some(({type, stream}) => type === frameTypes.RST_STREAM && stream === id);
	for (const {stream} of blocksOf(heard)) {
		const said = streams.get(stream);
		const isTurnedAway = said === undefined && goaways.length > 0;
		if (!said?.ended && !said?.reset && !isReset(stream) && !isTurnedAway) {
			throw new Error(`stream ${stream} has no end: ${JSON.stringify([said, goaways])}`);
		}
	}
}
