import {setTimeout as pause} from 'node:timers/promises';
import test from 'ava';
import {good} from '../helpers/hostile.js';
import {ways} from '../helpers/odd-backend.js';
import {
	askOdd,
	assertBadGateway,
	assertCutShort,
	assertHealthy,
	oddStageFor,
	openOdd,
	sending,
} from '../helpers/odd-cases.js';
import {readResponses} from '../helpers/read-messages.js';
import {ok} from '../helpers/scripted.js';
import {until} from '../helpers/until.js';

for (const way of ways) {
	const {name} = way;
	const stageOf = oddStageFor(way);

	test.serial(`${name}: a 101 that nobody asked for is a failure of the backend`, async t => {
		const odd = stageOf();
		for (const fields of ['Connection: Upgrade\r\nUpgrade: x\r\n', '']) {
			odd.behave(sending(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n${ok}`));
			assertBadGateway(t, await askOdd(t, odd));
			await assertHealthy(t, odd);
		}
	});

	test.serial(`${name}: a head without an end is a failure of the backend`, async t => {
		const odd = stageOf();
		odd.behave(socket => {
			const more = () => {
				if (socket.writable) {
					socket.write('X-A: 1\r\n'.repeat(100), () => setImmediate(more));
				}
			};
			socket.write('HTTP/1.1 200 OK\r\n', more);
		});
		assertBadGateway(t, await askOdd(t, odd));
		await assertHealthy(t, odd);
	});

	test.serial(`${name}: a first line without an end is a failure of the backend`, async t => {
		const odd = stageOf();
		odd.behave(socket => {
			const more = () => {
				if (socket.writable) {
					socket.write('a'.repeat(1000), () => setImmediate(more));
				}
			};
			socket.write('HTTP/1.1 200 ', more);
		});
		assertBadGateway(t, await askOdd(t, odd));
		await assertHealthy(t, odd);
	});

	test.serial(
		`${name}: informational responses without an end are a failure of the backend`,
		async t => {
			const odd = stageOf();
			odd.behave(socket => {
				const more = () => {
					if (socket.writable) {
						socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(5), () =>
							setTimeout(more, 1),
						);
					}
				};
				more();
			});
			assertBadGateway(t, await askOdd(t, odd));
			await assertHealthy(t, odd);
		},
	);

	test.serial(`${name}: what a backend says before it is asked answers nobody else`, async t => {
		const odd = stageOf();
		for (const socket of odd.stage.open) {
			socket.destroy();
		}
		odd.behave(sending(ok), socket =>
			socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly'),
		);
		// On a connection that is new, this cannot be told from a backend that is quick; but the answer that
		// comes after it belongs to no request, and must not become that of the next.
		for (let count = 0; count < 5; count++) {
			const client = openOdd(t, odd);
			client.write(good.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
			const received = await client.closed();
			const {messages, rest} = readResponses(received, ['GET'], true);
			t.deepEqual([messages.length, rest], [1, '']);
			t.regex(messages[0]?.start ?? '', /^HTTP\/1\.1 (200|502) /);
		}
		odd.behave(sending(ok));
		for (const socket of odd.stage.open) {
			socket.destroy();
		}
		await assertHealthy(t, odd);
	});

	test.serial(
		`${name}: what comes on a connection that rests ends it, and answers nobody`,
		async t => {
			const odd = stageOf();
			odd.behave(sending(ok));
			const client = openOdd(t, odd);
			client.write(good);
			await client.until('\r\n\r\nok');
			await pause(50);
			const resting = [...odd.stage.open];
			t.true(resting.length > 0);
			for (const socket of resting) {
				socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged');
			}
			await pause(150);
			for (let count = 2; count < 5; count++) {
				client.write(good);
				await client.until(new RegExp(`(\r\n\r\nok[^]*){${count}}`));
			}
			t.notRegex(client.received, /forged/);
			// At the latest when the next request would have taken it.
			await until('they are closed', () => resting.every(socket => socket.destroyed));
			client.socket.destroy();
			await assertHealthy(t, odd);
		},
	);

	for (const then of ['end', 'reset'] as const) {
		test.serial(
			`${name}: a backend that answers early and goes (${then}) does not hold up the client`,
			async t => {
				const odd = stageOf();
				odd.behave(sending(ok, then));
				const client = openOdd(t, odd);
				const size = 8 * 2 ** 20;
				client.write(`POST /odd HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`);
				const piece = Buffer.alloc(2 ** 16, 'x');
				await client.until('\r\n\r\nok');
				let sent = 0;
				const send = () => {
					while (sent < size && client.socket.writable) {
						sent += piece.length;
						if (!client.socket.write(piece)) {
							client.socket.once('drain', send);
							return;
						}
					}
				};
				send();
				// Either the rest is taken and dropped, and the connection serves on, or it is closed.
				await until(
					'the upload is over',
					() => client.socket.destroyed || (sent === size && client.socket.writableLength === 0),
					10_000,
				);
				if (!client.socket.destroyed) {
					client.write(good);
					await Promise.race([
						client.until(/\r\n\r\nok[\s\S]*\r\n\r\nok/).catch(() => undefined),
						client.closed(),
					]);
				}
				client.socket.destroy();
				await assertHealthy(t, odd);
			},
		);
	}

	test.serial(
		`${name}: a backend that breaks off an endless body leaves it visibly cut`,
		async t => {
			const odd = stageOf();
			odd.behave(socket => {
				socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
				let count = 0;
				const more = () => {
					if (count++ === 50) {
						socket.resetAndDestroy();
					} else if (socket.writable) {
						socket.write(`1000\r\n${'a'.repeat(4096)}\r\n`, () => setImmediate(more));
					}
				};
				more();
			});
			assertCutShort(t, await askOdd(t, odd));
			await assertHealthy(t, odd);
		},
	);
}
