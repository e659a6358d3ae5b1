"""Which server may be asked: this machine or a private network, any other only when it is named on purpose."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from twin.errors import MissingError, RefusedError, UsageError


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server that may be asked.

    host  as it was written;   ip  it stands for, checked: it is what is connected to
    path  before "/chat/completions"
    """

    scheme: str
    host: str
    ip: str
    port: int
    path: str


def endpoint(url: str, allowed: Collection[str] = ()) -> Endpoint:
    """Return the server of an address such as "http://127.0.0.1:8080/v1".

    allowed  names of hosts that may be asked although they are neither this machine nor in a private network

    Raises UsageError (not an address of the web), MissingError (a name nobody knows), RefusedError (a host outside).
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"TWIN_LANGUAGE_URL {url!r:.200} is no address: {error}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"TWIN_LANGUAGE_URL {url!r:.200} must begin with http:// or https:// and name a host")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UsageError("TWIN_LANGUAGE_URL must hold scheme, host, port and path only, no name, password or query")
    if any(ord(sign) <= 32 or ord(sign) > 126 for sign in url):
        raise UsageError(f"TWIN_LANGUAGE_URL {url!r:.200} holds blanks or signs that an address does not have")
    port = port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise MissingError(f"TWIN_LANGUAGE_URL: nobody knows the host {parts.hostname!r} ({error})") from None
    ips = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    outside = [ip for ip in ips if not _near(ip)]
    if outside and parts.hostname not in allowed:
        raise RefusedError(
            f"TWIN_LANGUAGE_URL: {parts.hostname} ({outside[0]}) is neither this machine nor in a private network, and"
            " texts of the city would leave the house; name the host in TWIN_LANGUAGE_ALLOW if that is meant"
        )
    return Endpoint(parts.scheme, parts.hostname, ips[0], port, parts.path.rstrip("/"))


def _near(ip: str) -> bool:
    """Return whether an address is this machine's or of a private network; those of services of a cloud are not."""
    address = ipaddress.ip_address(ip.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return address.is_loopback or address.is_private
