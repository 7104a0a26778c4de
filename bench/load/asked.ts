/** What a generator of our own was asked to do: its arguments. */
export const [port, host, connections] = [
	Number(process.argv[2]),
	process.argv[3] ?? 'localhost',
	Number(process.argv[4]),
];
