import {once} from 'node:events';
import type {Readable} from 'node:stream';
import {setTimeout as pause} from 'node:timers/promises';
import type {ServerReadableStream, ServerWritableStream, sendUnaryData} from '@grpc/grpc-js';
import {BulkCheck, writeBulk} from '../helpers/bulk.js';
import {open, openGrpcClient, startGrpcServer} from '../helpers/grpc.js';
import {onLinux, residentMemory} from '../helpers/process.js';
import {wrap} from '../helpers/wrapped.js';

const mebibyte = 2 ** 20;
const size = 100 * mebibyte;

/** Reads all of it, and rests now and then, so that a proxy that does not hold back takes in the whole. */
async function readInTurns(stream: Readable): Promise<number> {
	const check = new BulkCheck();
	let next = 0;
	for await (const message of stream) {
		check.add(message as Buffer);
		if (check.received >= next) {
			next += size / 5;
			await pause(300);
		}
	}
	return check.received;
}

/** Looks at a process's memory until it is told to stop. */
function watchMemory(pid: number): () => number {
	const before = residentMemory(pid);
	let peak = before;
	const timer = setInterval(() => {
		peak = Math.max(peak, residentMemory(pid));
	}, 25);
	return () => {
		clearInterval(timer);
		return (peak - before) / mebibyte;
	};
}

onLinux('100 MB of messages in each direction keep memory in bounds', async t => {
	t.timeout(170_000);
	const {port} = await startGrpcServer(t, {
		async download(call: ServerWritableStream<Buffer, Buffer>) {
			await writeBulk(call, Number(String(call.request)));
			call.end();
		},
		async upload(call: ServerReadableStream<Buffer, Buffer>, reply: sendUnaryData<Buffer>) {
			reply(null, Buffer.from(String(await readInTurns(call))));
		},
	});
	const wrapped = await wrap(t, `h2c://127.0.0.1:${port}`);
	const client = openGrpcClient(t, wrapped);
	// What any transfer takes, until memory is collected for the first time.
	const first = 32 * mebibyte;
	t.is(await readInTurns(open.download(client, String(first))), first);

	const download = watchMemory(wrapped.pid);
	t.is(await readInTurns(open.download(client, String(size))), size);
	const grown = [download()];

	const upload = watchMemory(wrapped.pid);
	const answer = new Promise<string>((resolve, reject) => {
		const call = open.upload(client, (error, value) =>
			error ? reject(error) : resolve(String(value)),
		);
		writeBulk(call, size).then(() => call.end(), reject);
	});
	t.is(await answer, String(size));
	grown.push(upload());
	t.log(
		`resident MiB more at the peak, down and up: ${grown.map(more => more.toFixed(0)).join(', ')}`,
	);
	t.true(grown.every(more => more <= 64));
	const call = open.download(client, '5');
	await once(call.resume(), 'end');
});
