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
