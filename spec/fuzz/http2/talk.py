"""Says a little of everything over HTTP/2 by way of h2, to be recorded. Argument: port."""

import socket
import ssl
import sys

import h2.config
import h2.connection
import h2.settings

context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.set_alpn_protocols(['h2'])
plain = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
plain.settimeout(0.3)
wire = context.wrap_socket(plain, server_hostname='localhost')
state = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding='ascii'))
state.initiate_connection()
state.increment_flow_control_window(100_000)
state.update_settings({h2.settings.SettingCodes.HEADER_TABLE_SIZE: 100})


def flush():
    wire.sendall(state.data_to_send())
    try:
        while data := wire.recv(65536):
            state.receive_data(data)
            wire.sendall(state.data_to_send())
    except TimeoutError:
        pass


def fields(method, path, *more):
    return [(':method', method), (':scheme', 'https'), (':authority', 'localhost'), (':path', path), *more]


flush()
state.send_headers(1, fields('GET', '/'), end_stream=True)
state.send_headers(3, fields('POST', '/echo', ('content-length', '10')), priority_weight=16, priority_depends_on=1, priority_exclusive=True)
state.send_data(3, b'hello', pad_length=7)
state.send_data(3, b'hello', end_stream=True)
state.send_headers(5, fields('POST', '/echo', ('x-long', 'x' * 20_000)))
state.send_data(5, b'')
state.send_data(5, b'hello')
state.send_headers(5, [('x-sum', '1'), ('x-other', '2')], end_stream=True)
flush()
state.ping(b'sealport')
state.prioritize(7, weight=1, depends_on=0)
state.send_headers(7, fields('GET', '/wait'), end_stream=True)
state.reset_stream(7, 8)
state.increment_flow_control_window(1000)
state.send_headers(9, fields('HEAD', '/none'), end_stream=True)
state.increment_flow_control_window(1000, 9)
state.close_connection()
wire.sendall(state.data_to_send())
