import {UserError} from '../errors.js';
import {findFault} from './json.js';
import {placeAt} from './place.js';

/**
 * Reads JSON.
 *
 * @param shown what the file is called
 * @throws UserError `config-invalid`, with line, column and text
 */
export function readJson(text: string, shown: string): unknown {
	if (text.replace(/^\uFEFF/, '').trim() === '') {
		throw new UserError('config-invalid', `config: ${shown} is empty`, {
			hint: 'write {"routes": {"/": 3000}} into it, or remove it',
		});
	}
	const fault = findFault(text);
	if (fault !== undefined) {
		const {line, column, text: source} = placeAt(text, fault.offset);
		const place = `${shown}:${line}:${column}`;
		throw new UserError(
			'config-invalid',
			`config: ${place}: not JSON: ${fault.why}: ${JSON.stringify(source)}`,
			{hint: fault.hint},
		);
	}
	return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
}
