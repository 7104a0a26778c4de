import {join} from 'node:path';
import type {Client} from '../client.js';

const source = `package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"os"
)

func main() {
	connection, err := tls.Dial("tcp", os.Args[1], nil)
	if err == nil {
		fmt.Fprintf(connection, "GET / HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n", os.Args[1])
		_, err = io.Copy(os.Stdout, connection)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
`;

/** Go compiles first, without the network and without leaving anything behind; that takes its time. */
export const go: Client = {
	name: 'go',
	program: 'go',
	files: {'probe.go': source},
	start: ({host, port, room}) => ({
		args: ['run', join(room, 'probe.go'), `${host}:${port}`],
		cwd: room,
		env: {
			GOCACHE: join(room, 'go'),
			GOPATH: join(room, 'gopath'),
			GOTOOLCHAIN: 'local',
			GOPROXY: 'off',
			GOFLAGS: '',
			GOTELEMETRY: 'off',
		},
	}),
	store: 'system',
	variables: ['SSL_CERT_FILE', 'SSL_CERT_DIR'],
	patience: 60_000,
};
