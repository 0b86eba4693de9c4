"""Connections that go to a checked address and no other, and that end at a deadline whatever the server does."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from platforms.capture.guarding import Target


class Deadline:
    """The moment by which a request has to be over; every single wait is cut to what is left."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self, wait: float | None = None) -> float:
        """Seconds that may still be waited. Raises httpcore.ReadTimeout when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout(f"took longer than {self.seconds:g} seconds in all")
        return left if wait is None else min(wait, left)


class PinnedTransport(httpx.HTTPTransport):
    """Opens connections for one target. Host header and TLS name stay those of the address that was asked."""

    def __init__(self, target: Target, deadline: Deadline, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=1, network_backend=_Backend(target, deadline)
        )


class _Backend(httpcore.NetworkBackend):
    def __init__(self, target: Target, deadline: Deadline) -> None:
        self.target, self.deadline = target, deadline
        self.below = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Try the checked addresses in the resolver's order. `host` is not looked up again."""
        if port != self.target.port:
            raise httpcore.ConnectError(f"port {port} was not checked")
        failed: Exception = httpcore.ConnectError("no address")
        for number in self.target.numbers:
            try:
                stream = self.below.connect_tcp(
                    number, port, self.deadline.left(timeout), socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Stream(stream, self.deadline)
        raise failed


class _Stream(httpcore.NetworkStream):
    """A connection on which the bytes that drip in do not earn more time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self.stream, self.deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.deadline.left(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        below = self.stream.start_tls(ssl_context, server_hostname, self.deadline.left(timeout))
        return _Stream(below, self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)
