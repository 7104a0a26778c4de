import type {Client} from '../client.js';

const script = `
import sys, urllib.request
try:
    print(urllib.request.urlopen(sys.argv[1], timeout=9).read().decode())
except Exception as error:
    sys.exit(str(error))
`;

/** Python's own library; the one that most programs use beside it, requests, brings roots along. */
export const python: Client = {
	name: 'python',
	program: process.platform === 'win32' ? 'python' : 'python3',
	start: ({url}) => ({args: ['-c', script, url]}),
	store: 'system',
	variables: ['SSL_CERT_FILE', 'SSL_CERT_DIR'],
	useless: [[/Python was not found|xcode-select|pyenv: .* not found/i, 'is not installed']],
};
