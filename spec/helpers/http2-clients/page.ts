/** A page of modules, and of bulk and events as images, for clients that load what a page names. */
export function assets(modules: number): string {
	const images = '<img src="/brief-events"><img src="/download">';
	return `<!doctype html>\n<body>${images}\n${tags(modules)}</body>\n`;
}

function tags(modules: number): string {
	return Array.from(
		{length: modules},
		(_, index) => `<script type="module" src="/module-${index}.js"></script>`,
	).join('\n');
}

/**
 * A page of modules. Its event stream and its WebSocket are opened before the modules are asked for, and
 * the last of its scripts does the rest of the work.
 */
export function page(modules: number): string {
	return `<!doctype html>
<link rel="icon" href="data:,">
<title>many modules</title>
<script>
globalThis.ran = 0;
performance.setResourceTimingBufferSize(4000);
globalThis.events = new EventSource('/events');
globalThis.socket = new WebSocket('wss://' + location.host + '/echo');
</script>
${tags(modules)}
<script type="module" src="/run.js"></script>
`;
}

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
		if (performance.now() - began > 30000) {
			throw new Error('not within 30 s: ' + what);
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
const whole = new Blob(Array.from({length: size / block.length}, () => block));
const upload = (path, most) => new Promise((resolve, reject) => {
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
	request.send(whole);
});

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
		// Of what was cancelled a browser does not say how it came.
		protocols: [...new Set(entries.filter(({name}) => !/cancelled/.test(name)).map(entry => entry.nextHopProtocol))],
	};
};
const report = await work().catch(error => ({error: String(error), events: count, echoes, breaks}));
await fetch('/report', {method: 'POST', body: JSON.stringify(report)});
`;
}
