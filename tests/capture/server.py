"""A web server on 127.0.0.1 that misbehaves as told: each path has a function that writes raw bytes."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

PAGE = b"<html><head><title>Terms</title></head><body><main><h1>Terms</h1><p>You may use it.</p></main></body></html>"


@dataclass
class Asked:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    count: int  # how many times this path was asked, this time included


class Gone(Exception):
    """The client has closed the connection, or the test is over."""


Send = Callable[[bytes], None]
Answer = Callable[[Asked, Send], None]


@dataclass
class Server:
    """`answers` maps paths to functions; what is not there is 404. `asked` holds every request in order."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    at_once: int = 0  # requests that were open at the same time, at most
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._lock = threading.Lock()
        self._open = 0
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http{'s' if self.tls else ''}://{self.place}{path}"

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    def close(self) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(5)

    def pause(self, seconds: float) -> None:
        if self.over.wait(seconds):
            raise Gone

    def _start(self, run: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=run, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, Gone):
            connection.settimeout(5)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection, self._counted():
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            received = connection.recv(65_536)
            if not received:
                return
            head += received
            if head.startswith(b"\x16"):  # a TLS greeting
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
        first, *lines = head.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        path = first.split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        with self._lock:
            asked = Asked(path, headers, self.paths().count(path) + 1)
            self.asked.append(asked)

        def send(data: bytes) -> None:
            if self.over.is_set():
                raise Gone
            connection.sendall(data)

        self.answers.get(path, reply(b"nothing here", status="404 Not Found"))(asked, send)

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._open += 1
            self.at_once = max(self.at_once, self._open)
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1


def reply(body: bytes = PAGE, *, status: str = "200 OK", length: int | None = None, **headers: str) -> Answer:
    """A plain answer; header names are given with underscores."""
    given = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body) if length is None else length)}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in given.items()) + "\r\n"

    def answer(asked: Asked, send: Send) -> None:
        send(head.encode("latin-1") + body)

    return answer


def moved(location: str, status: str = "302 Found") -> Answer:
    return reply(b"", status=status, Location=location)


def in_turn(*answers: Answer) -> Answer:
    """The first answer the first time, and so on; the last one for ever."""

    def answer(asked: Asked, send: Send) -> None:
        answers[min(asked.count, len(answers)) - 1](asked, send)

    return answer


def endless(asked: Asked, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        send(b"more and more terms " * 3_000)


def dripping(server: Server, *, headers: bool) -> Answer:
    """One byte every twentieth of a second: each read is quick, the whole never ends."""

    def answer(asked: Asked, send: Send) -> None:
        send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + (b"X-Slow: " if headers else b"\r\n"))
        while True:
            send(b"x")
            server.pause(0.05)

    return answer


def silent(server: Server) -> Answer:
    def answer(asked: Asked, send: Send) -> None:
        server.pause(30)

    return answer


@cache
def bomb(size: int) -> bytes:
    """`size` zeros, packed by gzip to a thousandth."""
    return gzip.compress(bytes(size), compresslevel=9)
