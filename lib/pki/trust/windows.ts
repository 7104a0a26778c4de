import type {FindPlaces} from './place.js';
import {userRootStore} from './windows/root-store.js';

/** The trusted roots of the current user of Windows, which need no administrator. */
export const findWindows: FindPlaces = async machine => {
	if (machine.platform !== 'win32') {
		return [];
	}
	const programs = {certutil: machine.find('certutil.exe'), reg: machine.find('reg.exe')};
	return [await userRootStore(machine, 'system', programs, async file => file)];
};
