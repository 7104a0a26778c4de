import type {PeerCondition, Reading} from './condition.js';

/** Reads `container=`: the beginning of a container's id, twelve hexadecimal digits of it at least. */
export function parseContainer(text: string, {system, refuse}: Reading): PeerCondition {
	if (system.platform !== 'linux') {
		return refuse('containers can be told apart on Linux only');
	}
	if (!/^[\da-f]{12,64}$/i.test(text)) {
		return refuse(
			`expected 12 to 64 hexadecimal digits, got ${JSON.stringify(text)}`,
			'"docker ps" and "podman ps" show the ids of containers',
		);
	}
	const id = text.toLowerCase();
	return {
		text,
		holds: ({pid, container}) =>
			// A process that cannot be seen has no number.
			container?.startsWith(id) ?? (pid === 0 ? undefined : false),
	};
}
