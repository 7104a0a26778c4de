/** What a page does when its modules have run: all the work at once, and a report of it. */
export function script(size: number): string {
	return `
const size = ${size};
let count = 0;
let breaks = 0;
let echoes = 0;
events.onmessage = () => count++;
events.onerror = () => breaks++;
socket.onclose = () => breaks++;

const until = async (what, holds) => {
	const began = performance.now();
	while (!holds()) {
		if (performance.now() - began > 100000) {
			throw new Error('not within 100 s: ' + what);
		}
		await new Promise(resolve => setTimeout(resolve, 20));
	}
};
const nextEvent = async when => {
	const before = count;
	await until('an event ' + when, () => count > before);
};
const echo = message => new Promise((resolve, reject) => {
	socket.onmessage = ({data}) => {
		const isSame = typeof message === 'string' ? data === message : data.size === message.size;
		echoes++;
		isSame ? resolve() : reject(new Error('another message came back'));
	};
	socket.send(message);
});

const block = new Uint8Array(await (await fetch('/block')).arrayBuffer());
const check = (piece, at) => {
	for (let index = 0; index < piece.length; index++) {
		if (piece[index] !== block[(at + index) % block.length]) {
			throw new Error('a wrong byte at ' + (at + index));
		}
	}
};
const download = async (path, most) => {
	const controller = new AbortController();
	const {body} = await fetch(path, {signal: controller.signal, cache: 'no-store'});
	const reader = body.getReader();
	for (let received = 0;;) {
		const {done, value} = await reader.read();
		if (done || received >= most) {
			controller.abort();
			return received;
		}
		check(value, received);
		received += value.length;
	}
};
// Chromium streams, over HTTP/2 alone, and has no memory for a Blob of 1 GiB; others have the Blob.
let streams = false;
const {headers} = new Request('/', {
	method: 'POST',
	body: new ReadableStream(),
	get duplex() {
		streams = true;
		return 'half';
	},
});
streams &&= !headers.has('content-type');
const uploadStream = async (path, most) => {
	let sent = 0;
	const controller = new AbortController();
	const body = new ReadableStream({
		pull(source) {
			if (sent >= most) {
				controller.abort();
			} else if (sent >= size) {
				source.close();
			} else {
				source.enqueue(block);
				sent += block.length;
			}
		},
	});
	const {signal} = controller;
	try {
		const response = await fetch(path, {method: 'POST', body, duplex: 'half', signal});
		return (await response.json()).received;
	} catch (error) {
		if (signal.aborted) {
			return sent;
		}
		throw error;
	}
};
const uploadBlob = (path, most) => new Promise((resolve, reject) => {
	const request = new XMLHttpRequest();
	request.upload.onprogress = ({loaded}) => {
		if (loaded >= most) {
			request.abort();
			resolve(loaded);
		}
	};
	request.onload = () => resolve(JSON.parse(request.responseText).received);
	request.onerror = () => reject(new Error(path + ' failed'));
	request.open('POST', path);
	request.send(new Blob(Array.from({length: size / block.length}, () => block)));
});
const upload = streams ? uploadStream : uploadBlob;

const work = async () => {
	await until('the WebSocket is open', () => socket.readyState === 1);
	await echo('beside the page');
	await nextEvent('beside the page');
	const whole = Promise.all([upload('/upload', Infinity), download('/download', Infinity)]);
	const [, downloadedInPart] = await Promise.all([
		upload('/cancelled-upload', size / 2),
		download('/cancelled-download', size / 2),
	]);
	await echo('after what was cancelled');
	await nextEvent('after what was cancelled');
	const [uploaded, downloaded] = await whole;
	await echo(new Blob([block]));
	await nextEvent('after all');
	const entries = ['navigation', 'resource'].flatMap(type => performance.getEntriesByType(type));
	return {
		modules: ran,
		uploaded,
		downloaded,
		downloadedInPart,
		events: count,
		echoes,
		breaks,
		streams,
		// Of what was cancelled a browser does not say how it came.
		protocols: [...new Set(entries.filter(({name}) => !/cancelled/.test(name)).map(entry => entry.nextHopProtocol))],
	};
};
const report = await work().catch(error => ({error: String(error), events: count, echoes, breaks}));
await fetch('/report', {method: 'POST', body: JSON.stringify(report)});
`;
}
