"""Access: who may reach the desk, and the refusal to start without a secret on a network."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress

import attrs

from review.errors import ReviewError

PASSWORD_VARIABLE = "VIGIE_REVIEW_PASSWORD"  # noqa: S105 - the variable's name
SHORTEST_PASSWORD = 12
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@attrs.frozen(kw_only=True)
class Access:
    """What a request must show to be let in."""

    names: frozenset[str]
    """Names and addresses by which the desk may be called."""
    any_address: bool = False
    """Whether any literal address will do: a name can be rebound to another machine, these cannot."""
    password: str | None = None

    def allows_host(self, host: str) -> bool:
        """Whether a Host header, with or without port, names this desk."""
        name = host_name(host)
        return name in self.names or (self.any_address and _is_address(name))

    def allows_credentials(self, authorization: str | None) -> bool:
        """Whether an Authorization header holds the password; any user name will do."""
        if self.password is None:
            return True
        given = credentials(authorization)
        return given is not None and hmac.compare_digest(given[1].encode(), self.password.encode())


def access_for(host: str, password: str | None, names: tuple[str, ...] = ()) -> Access:
    """Return the access of a desk that listens on `host`.

    Raises ReviewError when it would be open to a network without a password worth the name.
    """
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise ReviewError(
            f"{PASSWORD_VARIABLE}: shorter than {SHORTEST_PASSWORD} characters; take a longer one"
        )
    if host not in LOOPBACK and password is None:
        raise ReviewError(
            f"--host {host}: anybody on the network could read and judge; "
            f"set a password in {PASSWORD_VARIABLE}, or keep to 127.0.0.1"
        )
    return Access(
        names=frozenset({*LOOPBACK, host, *names}),
        any_address=host not in LOOPBACK,
        password=password,
    )


def host_name(host: str) -> str:
    """Return a Host header's name in lower case, without port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def credentials(authorization: str | None) -> tuple[str, str] | None:
    """Return user and password of a Basic Authorization header, None when it is no such thing."""
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
