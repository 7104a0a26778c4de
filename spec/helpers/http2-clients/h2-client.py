"""Does the work of spec/helpers/http2-clients/backend.ts with h2, and prints an account of it.

h2 is the protocol without a network: it is strict about what its peer sends. Arguments: URL, file of the
root, bytes of bulk, number of modules.
"""

import asyncio
import json
import ssl
import sys
from urllib.parse import urlsplit

import h2.config
import h2.connection
import h2.errors
import h2.events
from h2.settings import SettingCodes

url, root, size, modules = urlsplit(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])


class Stream:
    """One request: what comes of its response, and whether there may be more of its body."""

    def __init__(self, connection, number):
        self.connection, self.number = connection, number
        self.coming = asyncio.Queue()
        self.status = asyncio.get_running_loop().create_future()

    async def pieces(self):
        """What comes of the body; the peer may send as much again once it has been taken."""
        assert await self.status == '200', self.status.result()
        while (event := await self.coming.get()) is not None:
            yield event.data
            self.connection.state.acknowledge_received_data(event.flow_controlled_length, self.number)
            self.connection.flush()

    async def body(self):
        return b''.join([piece async for piece in self.pieces()])

    async def send(self, data, end=False):
        """Sends data as the windows allow."""
        state = self.connection.state
        rest = memoryview(data)
        while len(rest) > 0:
            allowed = state.local_flow_control_window(self.number)
            length = min(len(rest), allowed, state.max_outbound_frame_size)
            if length == 0:
                await self.connection.more_window()
                continue
            state.send_data(self.number, bytes(rest[:length]))
            rest = rest[length:]
            await self.connection.drain()
        if end:
            state.end_stream(self.number)
            await self.connection.drain()

    def cancel(self):
        del self.connection.streams[self.number]
        self.connection.state.reset_stream(self.number, h2.errors.ErrorCodes.CANCEL)
        self.connection.flush()


class Connection:
    """The one connection, its streams by their numbers."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.state = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding='ascii'))
        self.streams = {}
        self.changed = asyncio.Event()
        self.settings = asyncio.get_running_loop().create_future()
        self.state.initiate_connection()
        self.state.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: 2**24})
        self.state.increment_flow_control_window(2**24)
        self.flush()

    def flush(self):
        self.writer.write(self.state.data_to_send())

    async def drain(self):
        self.flush()
        await self.writer.drain()

    async def more_window(self):
        self.changed.clear()
        await self.changed.wait()

    def request(self, path, method='GET', more=(), end=True):
        number = self.state.get_next_available_stream_id()
        fields = [(':method', method), (':scheme', 'https'), (':authority', url.netloc), (':path', path)]
        self.streams[number] = Stream(self, number)
        self.state.send_headers(number, fields + list(more), end_stream=end)
        self.flush()
        return self.streams[number]

    async def read(self):
        while data := await self.reader.read(2**18):
            for event in self.state.receive_data(data):
                self.take(event)
            self.flush()
        raise RuntimeError('the connection has ended')

    def take(self, event):
        if isinstance(event, h2.events.RemoteSettingsChanged) and not self.settings.done():
            self.settings.set_result(None)
        if isinstance(event, (h2.events.WindowUpdated, h2.events.RemoteSettingsChanged)):
            self.changed.set()
        stream = self.streams.get(getattr(event, 'stream_id', None))
        if isinstance(event, h2.events.ConnectionTerminated):
            raise RuntimeError(f'GOAWAY: {event.error_code} {event.additional_data}')
        if stream is None:
            return
        if isinstance(event, h2.events.ResponseReceived):
            stream.status.set_result(dict(event.headers)[':status'])
        elif isinstance(event, h2.events.DataReceived):
            stream.coming.put_nowait(event)
        elif isinstance(event, h2.events.StreamEnded):
            del self.streams[event.stream_id]
            stream.coming.put_nowait(None)
        elif isinstance(event, h2.events.StreamReset):
            raise RuntimeError(f'a stream was reset: {event.error_code}')


class Work:
    """What the backend is asked for, all of it on one connection."""

    def __init__(self, connection):
        self.connection, self.events, self.block = connection, 0, b''

    async def count_events(self, stream):
        async for piece in stream.pieces():
            self.events += piece.count(b'data:')
        raise RuntimeError('the event stream has ended')

    async def next_event(self):
        before = self.events
        while self.events == before:
            await asyncio.sleep(0.02)

    async def module(self, turns, index):
        async with turns:
            return await self.connection.request(f'/module-{index}.js').body()

    async def download(self, path, most):
        stream, received = self.connection.request(path), 0
        async for piece in stream.pieces():
            start = received % len(self.block)
            expected = (self.block + self.block)[start : start + len(piece)]
            assert piece == expected, f'wrong content after {received}'
            received += len(piece)
            if received >= most:
                stream.cancel()
                break
        return received

    async def upload(self, path, most):
        stream = self.connection.request(path, 'POST', end=False)
        for _ in range(most // len(self.block)):
            await stream.send(self.block)
        if most < size:
            stream.cancel()
            return most
        await stream.send(b'', end=True)
        return json.loads(await stream.body())['received']

    async def open_web_socket(self):
        """A WebSocket (RFC 8441), as far as short texts go."""
        fields = [(':protocol', 'websocket'), ('sec-websocket-version', '13')]
        stream = self.connection.request('/echo', 'CONNECT', fields, end=False)
        pieces = stream.pieces()

        async def echo(text):
            await stream.send(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
            answer = b''
            while len(answer) < 2 + len(text):
                answer += await anext(pieces)
            assert answer[2:] == text, answer

        return echo

    async def run(self):
        state = self.connection.state
        await self.connection.settings
        assert state.remote_settings[SettingCodes.ENABLE_CONNECT_PROTOCOL] == 1
        turns = asyncio.Semaphore(min(state.remote_settings.max_concurrent_streams, 100) - 10)
        self.block = await self.connection.request('/block').body()
        reader = asyncio.create_task(self.count_events(self.connection.request('/events')))
        echo = await self.open_web_socket()
        texts = await asyncio.gather(*[self.module(turns, index) for index in range(modules)])
        await echo(b'beside the page')
        whole = asyncio.gather(self.upload('/upload', size), self.download('/download', size + 1))
        part, _ = await asyncio.gather(
            self.download('/cancelled-download', size // 2),
            self.upload('/cancelled-upload', size // 2),
        )
        await echo(b'after what was cancelled')
        await self.next_event()
        uploaded, downloaded = await whole
        await echo(b'after all')
        # Each DATA frame that comes after a stream was cancelled makes h2 reset it once more.
        for _ in range(20):
            await self.download('/cancelled-download', 2**20)
        await self.next_event()
        assert not reader.done()
        reader.cancel()
        return {
            'modules': sum(b'globalThis.ran' in text for text in texts),
            'uploaded': uploaded,
            'downloaded': downloaded,
            'downloadedInPart': part,
            'events': self.events,
            'echoes': 3,
        }


async def main():
    context = ssl.create_default_context(cafile=root)
    context.set_alpn_protocols(['h2'])
    reader, writer = await asyncio.open_connection(url.hostname, url.port, ssl=context)
    connection = Connection(reader, writer)
    reading = asyncio.create_task(connection.read())
    work = asyncio.create_task(Work(connection).run())
    await asyncio.wait([reading, work], return_when=asyncio.FIRST_COMPLETED)
    if reading.done():
        reading.result()
    print(json.dumps(work.result()), flush=True)


asyncio.run(main())
