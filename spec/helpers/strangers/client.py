"""Asks for a path over HTTP/1.1, HTTP/2 or as a WebSocket, and prints the status and what came with it."""
import socket
import ssl
import sys

protocol, address, port, path, root = sys.argv[1:]
context = ssl.create_default_context(cafile=root)
context.set_alpn_protocols(["h2" if protocol == "h2" else "http/1.1"])
plain = socket.create_connection((address, int(port)))
secure = context.wrap_socket(plain, server_hostname="localhost")
name = "localhost:" + port


def over_http1(fields):
    secure.sendall(("GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (path, name, fields)).encode())
    answer = b""
    while True:
        part = secure.recv(65536)
        if not part:
            break
        answer += part
        if protocol == "ws" and answer.endswith(b"\x05hello"):
            break
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.split(b" ")[1].decode(), body[-5:].decode(errors="replace")


def over_http2():
    import h2.connection
    import h2.events

    connection = h2.connection.H2Connection()
    connection.initiate_connection()
    fields = [(":method", "GET"), (":scheme", "https"), (":authority", name), (":path", path)]
    connection.send_headers(1, fields, end_stream=True)
    secure.sendall(connection.data_to_send())
    status, body = "none", b""
    while True:
        part = secure.recv(65536)
        if not part:
            return status, body[-5:].decode()
        for event in connection.receive_data(part):
            if isinstance(event, h2.events.ResponseReceived):
                # Older versions of h2 give text, newer ones bytes.
                fields = {bytes(name, "ascii") if isinstance(name, str) else name: value for name, value in event.headers}
                status = fields[b":status"]
                status = status if isinstance(status, str) else status.decode()
            elif isinstance(event, h2.events.DataReceived):
                body += event.data
            elif isinstance(event, h2.events.StreamEnded):
                return status, body[-5:].decode()
        secure.sendall(connection.data_to_send())


if protocol == "h2":
    print(*over_http2())
elif protocol == "ws":
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    print(*over_http1("Connection: Upgrade\r\nUpgrade: websocket\r\n" + key))
else:
    print(*over_http1("Connection: close\r\n"))
