"""Which addresses may be asked: public ones on the web, and what their names resolve to at the moment of asking.

Documents' addresses are typed by people and servers answer with redirects to anywhere, so neither may lead into the
network that this program runs in. A name is resolved once; the connection then goes to the address that was checked
(see `pinning`), because a second look-up may answer differently.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass

import httpx

from platforms.capture.responses import Fault, Stopped

PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f.:]+")
_LONGEST = 2_000  # characters of an address; more is not kept, and a page of terms has no such address
_INSIDE = (".internal", ".local", ".localhost", ".localdomain", ".home.arpa", ".lan", ".onion")
_INSIDE_NAMES = frozenset({"localhost", "metadata", "instance-data"})
# Public by number, but answered inside a cloud or a network: Azure's and Alibaba's hosts of machine data, protocol
# assignments (Oracle's host of machine data among them; older Pythons take the block for public), 6to4 relays.
_ANSWERED_INSIDE = tuple(
    map(ipaddress.ip_network, ("168.63.129.16/32", "100.100.100.200/32", "192.0.0.0/24", "192.88.99.0/24"))
)
_UNICAST = ipaddress.ip_network("2000::/3")
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Collection[str]]


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked, with the numeric addresses that its name has, all of them checked."""

    url: httpx.URL
    host: str
    port: int
    numbers: tuple[str, ...]


def read(address: str) -> httpx.URL:
    """The address in its normal form, without a fragment. Raises Stopped when it cannot be one to ask."""
    shown = address if len(address) <= 200 else address[:200] + "…"
    if len(address) > _LONGEST:
        raise Stopped(Fault.BAD_ADDRESS, f"The address {shown!r} is longer than {_LONGEST} characters.")
    try:
        url = httpx.URL(address.strip()).copy_with(fragment=None)
        port = PORTS.get(url.scheme, 0) if url.port is None else url.port
    except (httpx.InvalidURL, ValueError) as error:
        raise Stopped(Fault.BAD_ADDRESS, f"{shown!r} is no address that can be asked: {error}.") from error
    if url.scheme not in PORTS:
        raise Stopped(Fault.BAD_ADDRESS, f"The address {shown!r} must begin with http:// or https://.")
    if not _HOST.fullmatch(host_of(url)):
        raise Stopped(Fault.BAD_ADDRESS, f"The address {shown!r} names no host that can be asked.")
    if url.userinfo:
        raise Stopped(Fault.BAD_ADDRESS, f"The address on {url.host} holds a user name or password: leave them out.")
    if len(str(url)) > _LONGEST:  # once it is encoded
        raise Stopped(Fault.BAD_ADDRESS, f"The address {shown!r} is longer than {_LONGEST} characters.")
    if not 0 < port < 65536:
        raise Stopped(Fault.BAD_ADDRESS, f"The address {shown!r} has the port {port}, which does not exist.")
    return url


def place(url: httpx.URL) -> str:
    """The host and port of an address, "example.org:443"."""
    return f"{host_of(url)}:{url.port or PORTS[url.scheme]}"


def host_of(url: httpx.URL) -> str:
    """The host as it is looked up: in ASCII, lower case, without the dot that may end it."""
    return url.raw_host.decode("ascii").lower().rstrip(".")


class Guard:
    """Checks addresses. `private` are the places ("127.0.0.1:8000") that may be asked though they are not public."""

    def __init__(self, *, private: Collection[str] = (), resolve: Resolve | None = None) -> None:
        self.private = frozenset(private)
        self.resolve = resolve or look_up

    def check(self, url: httpx.URL, *, ports: Collection[str] = (), seconds: float = 10.0) -> Target:
        """Resolve and check an address that `read` gave. Raises Stopped when it may not be asked.

        `ports` are the places whose port somebody chose, as in the document's own address; all others have to use
        the ports of the web.
        """
        host, port = host_of(url), url.port or PORTS[url.scheme]
        allowed = place(url) in self.private
        if not allowed:
            _check_name(host)
            if port not in PORTS.values() and place(url) not in ports:
                raise Stopped(Fault.REFUSED_ADDRESS, f"{host} is asked for on port {port}, which nobody chose.")
        numbers = tuple(dict.fromkeys(_in_time(self.resolve, host, port, seconds)))
        if not numbers:
            raise Stopped(Fault.DNS, f"The name {host} has no address.")
        for number in numbers:
            if not allowed and not is_public(number):
                raise Stopped(Fault.REFUSED_ADDRESS, f"{host} leads to {number}, which is no public address.")
        return Target(url, host, port, numbers)


def is_public(number: str) -> bool:
    """Whether a numeric address belongs to the public internet, whatever form it is written in."""
    try:
        address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        inside = any(address in network for network in _ANSWERED_INSIDE)
        return address.is_global and not (address.is_multicast or address.is_reserved or inside)
    carried = _carried(address)
    if carried is not None:
        return is_public(str(carried))
    return address in _UNICAST and address.is_global and not (address.is_multicast or address.teredo)


def look_up(host: str, port: int) -> list[str]:
    """The numeric addresses of a name, as the system resolves it. Raises OSError and UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(entry[4][0]) for entry in found]


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, compatible, 6to4, or translated (NAT64)."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address in _TRANSLATED or int(address) >> 32 == 0:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _check_name(host: str) -> None:
    if host in _INSIDE_NAMES or host.endswith(_INSIDE):
        raise Stopped(Fault.REFUSED_ADDRESS, f"{host} is a name of private networks, not of the public internet.")


def _in_time(resolve: Resolve, host: str, port: int, seconds: float) -> Collection[str]:
    """Resolve in a thread of its own: the system's resolver knows no time limit."""
    answer: list[Collection[str] | Exception] = []

    def ask() -> None:
        try:
            answer.append(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    thread = threading.Thread(target=ask, daemon=True, name=f"resolve {host}")
    thread.start()
    thread.join(seconds)
    if not answer:
        raise Stopped(Fault.DNS, f"The name {host} was not resolved within {seconds:g} seconds.")
    if isinstance(answer[0], Exception):
        raise Stopped(Fault.DNS, f"The name {host} cannot be resolved.") from answer[0]
    return answer[0]
