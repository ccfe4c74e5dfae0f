"""Hostile answers: the ways in which a hostile site answers, as functions of a connection."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
SENTENCE = (
    "Le conseil municipal de Ségou a voté le budget de la voirie devant les habitants réunis. "
)
ARTICLE = f"<html><head><title>Le budget de la voirie</title></head><body><article><h1>Le budget de la voirie</h1><p>{SENTENCE * 8}</p></article></body></html>".encode()
ENDLESS_SECONDS = 8
BOMB = 60_000_000

Answer = Callable[[socket.socket], None]


def whole(body: bytes, head: bytes = OK) -> Answer:
    message = head + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body
    return lambda connection: connection.sendall(message)


def raw(message: bytes) -> Answer:
    return lambda connection: connection.sendall(message)


def status(line: str, body: bytes = b"non") -> Answer:
    return whole(body, f"HTTP/1.1 {line}\r\nContent-Type: text/html\r\n".encode())


def to(location: str) -> Answer:
    return status(f"302 Found\r\nLocation: {location}")


def drip(head: bytes, pause: float, piece: bytes) -> Answer:
    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        end = time.monotonic() + ENDLESS_SECONDS
        while time.monotonic() < end:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


def encoded(body: bytes, encoding: str) -> Answer:
    return whole(body, OK + f"Content-Encoding: {encoding}\r\n".encode())


def bomb(layers: int = 1) -> bytes:
    body = gzip.compress(b"a" * BOMB, 9)
    for _ in range(layers - 1):
        body = gzip.compress(body, 9)
    return body


def brotli_bomb() -> bytes:
    import brotli

    return brotli.compress(b"a" * BOMB, quality=5)


def zstd_bomb() -> bytes:
    """Return a frame whose blocks each say: 128 KB of one letter."""
    block = 128 * 1024
    blocks = [(block << 3 | 1 << 1).to_bytes(3, "little") + b"a"] * (BOMB // block)
    return b"\x28\xb5\x2f\xfd\x00\x38" + b"".join(blocks) + b"\x01\x00\x00"


def page(body: str, head: str = "<title>Un titre assez long</title>") -> Answer:
    return whole(f"<html><head>{head}</head><body>{body}</body></html>".encode())


def labelled(content_type: str, body: bytes = ARTICLE) -> Answer:
    return whole(body, f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n".encode())


def robots(body: bytes) -> Answer:
    return whole(b"User-agent: *\n" + body, b"HTTP/1.1 200 OK\r\n")


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def wait(_: socket.socket) -> None:
    time.sleep(ENDLESS_SECONDS)
