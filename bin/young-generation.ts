// What is read from a socket is garbage as soon as it is passed on, and lies outside the heap. From
// Node.js 24 on, V8 lets 64 MiB of it pile up. A young generation that stays as small as it starts is
// collected more often, and takes those buffers with it. It has to be said before anything makes it grow.
if (Number.parseInt(process.versions.node, 10) >= 24) {
	process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
}
