/** What a generator of our own was asked to do: its arguments. */
const [, , givenPort, host = 'localhost', givenConnections, ...paths] = process.argv;
const [port, connections] = [Number(givenPort), Number(givenConnections)];

export {connections, host, paths, port};
