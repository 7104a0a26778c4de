import {networkInterfaces} from 'node:os';
import {unless} from './programs.js';

/** Whether this machine has an address: all of 127.0.0.0/8 on Linux, where only the first is listed. */
export function isThere(address: string): boolean {
	if (process.platform === 'linux' && address.startsWith('127.')) {
		return true;
	}
	return Object.values(networkInterfaces()).some(own => own?.some(one => one.address === address));
}

/** Declares a test that needs an address of this machine, or skips it where there is none. */
export function whereThereIs(address: string): ReturnType<typeof unless> {
	return unless(!isThere(address) && `no ${address} here`, false);
}
