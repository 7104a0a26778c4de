import {once} from 'node:events';
import {type AddressInfo, connect, createServer, Server} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../lib/errors.js';
import {type Bound, bind} from '../../lib/listener/bind.js';
import {isThere, whereThereIs} from '../helpers/addresses.js';
import {refuses} from '../helpers/dial.js';
import {unless} from '../helpers/programs.js';

async function bindHere(t: ExecutionContext, host: string, port = 0): Promise<[Bound, string[]]> {
	const greeted: string[] = [];
	const bound = await bind(host, port, socket => {
		greeted.push(socket.localAddress ?? '');
		socket.end('hi');
	});
	t.teardown(() => bound.close());
	return [bound, greeted];
}

async function reach(t: ExecutionContext, host: string, port: number): Promise<string> {
	const socket = connect(port, host);
	t.teardown(() => socket.destroy());
	const [chunk] = await once(socket, 'data');
	return String(chunk);
}

whereThereIs('::1')('loopback is 127.0.0.1 and ::1, on the same port', async t => {
	const [{addresses, port}, greeted] = await bindHere(t, 'loopback');
	t.deepEqual(addresses, ['127.0.0.1', '::1']);
	t.is(await reach(t, '127.0.0.1', port), 'hi');
	t.is(await reach(t, '::1', port), 'hi');
	t.deepEqual(greeted, ['127.0.0.1', '::1']);
});

const withoutIpv6 = unless(isThere('::1') && '::1 is here', false);

withoutIpv6('loopback is 127.0.0.1 alone where there is no ::1', async t => {
	const [{addresses, port}] = await bindHere(t, 'loopback');
	t.deepEqual(addresses, ['127.0.0.1']);
	t.is(await reach(t, '127.0.0.1', port), 'hi');
});

for (const address of ['127.0.0.1', '::1', '127.0.0.2']) {
	whereThereIs(address)(`${address} is that address alone`, async t => {
		const [{addresses, port}] = await bindHere(t, address);
		t.deepEqual(addresses, [address]);
		t.is(await reach(t, address, port), 'hi');
	});
}

whereThereIs('::1')('any is all addresses of both families', async t => {
	const [{addresses, port}, greeted] = await bindHere(t, 'any');
	t.deepEqual(addresses, ['::']);
	t.is(await reach(t, '127.0.0.1', port), 'hi');
	t.is(await reach(t, '::1', port), 'hi');
	t.deepEqual(greeted, ['::ffff:127.0.0.1', '::1']);
});

for (const code of ['EAFNOSUPPORT', 'EADDRNOTAVAIL']) {
	test.serial(`any is all addresses of IPv4 where :: is refused with ${code}`, async t => {
		const {listen} = Server.prototype;
		t.teardown(() => {
			Server.prototype.listen = listen;
		});
		Server.prototype.listen = function (this: Server, options: {host: string}, ...more: never[]) {
			if (options.host === '::') {
				process.nextTick(() => this.emit('error', Object.assign(new Error(code), {code})));
				return this;
			}
			return listen.call(this, options, ...more);
		} as typeof listen;
		const [{addresses, port}] = await bindHere(t, 'any');
		t.deepEqual(addresses, ['0.0.0.0']);
		t.is(await reach(t, '127.0.0.1', port), 'hi');
	});
}

for (const squatter of ['127.0.0.1', '::1']) {
	whereThereIs('::1')(
		`a port taken on ${squatter} alone is taken, and the other address let go`,
		async t => {
			const other = createServer();
			t.teardown(() => other.close());
			other.listen(0, squatter);
			await once(other, 'listening');
			const {port} = other.address() as AddressInfo;
			const error = await t.throwsAsync(
				bind('loopback', port, () => undefined),
				{
					instanceOf: UserError,
				},
			);
			t.is((error as UserError).code, 'port-taken');
			const [bound] = await bindHere(t, squatter === '::1' ? '127.0.0.1' : '::1', port);
			t.is(bound.port, port);
		},
	);
}

test('an address of another machine', async t => {
	const error = await t.throwsAsync(
		bind('192.0.2.1', 0, () => undefined),
		{instanceOf: UserError},
	);
	t.is((error as UserError).code, 'address-unavailable');
});

test('nothing is accepted once closed', async t => {
	const [bound] = await bindHere(t, 'loopback');
	bound.close();
	for (const address of bound.addresses) {
		await t.notThrowsAsync(refuses(bound.port, address));
	}
});
