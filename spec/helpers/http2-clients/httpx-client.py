"""Does the work of spec/helpers/http2-clients/backend.ts with httpx, and prints an account of it.

Arguments: URL, file of the root, bytes of bulk, number of modules.
"""

import asyncio
import json
import ssl
import sys

import httpx

url, root, size, modules = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
events = 0


async def checked(request):
    response = await request
    response.raise_for_status()
    assert response.http_version == 'HTTP/2', response.http_version
    return response


async def count_events(client, opened):
    global events
    async with client.stream('GET', '/events') as response:
        async for line in response.aiter_lines():
            events += line.startswith('data:')
            opened.set()
    raise RuntimeError('the event stream has ended')


async def next_event():
    before = events
    while events == before:
        await asyncio.sleep(0.02)


async def download(client, block):
    received = 0
    async with client.stream('GET', '/download') as response:
        async for piece in response.aiter_raw():
            at = 0
            while at < len(piece):
                start = received % len(block)
                step = min(len(piece) - at, len(block) - start)
                assert piece[at : at + step] == block[start : start + step], received
                at += step
                received += step
    return received


async def upload(client, block):
    async def bulk():
        for _ in range(size // len(block)):
            yield block

    answer = await checked(client.post('/upload', content=bulk()))
    return answer.json()['received']


async def main():
    context = ssl.create_default_context(cafile=root)
    async with httpx.AsyncClient(
        http2=True, verify=context, base_url=url, timeout=None, trust_env=False
    ) as client:
        block = (await checked(client.get('/block'))).content
        opened = asyncio.Event()
        reader = asyncio.create_task(count_events(client, opened))
        await opened.wait()
        pages = [checked(client.get(f'/module-{index}.js')) for index in range(modules)]
        texts = [response.text for response in await asyncio.gather(*pages)]
        await next_event()
        uploaded, downloaded = await asyncio.gather(upload(client, block), download(client, block))
        await next_event()
        assert not reader.done(), reader.exception()
        account = {
            'modules': sum('globalThis.ran' in text for text in texts),
            'uploaded': uploaded,
            'downloaded': downloaded,
            'events': events,
        }
        reader.cancel()
        print(json.dumps(account))


asyncio.run(main())
