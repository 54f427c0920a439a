"""Translate conda's functions on addresses to ours."""

import ipaddress
from collections.abc import Callable
from typing import Any

from xconda_core.models.channel_url import file_url, split_token, split_url


class Unsupported(Exception):
    """xconda has no counterpart of that function."""


def url_fn(name: str, *arguments: str) -> Any:
    if name not in _FUNCTIONS:
        raise Unsupported(name)
    return _FUNCTIONS[name](*arguments)


def _masked(url: str) -> str:
    _rest, token = split_token(url)
    return url if not token else url.replace(f"/t/{token}", "/t/<TOKEN>")


def _without_auth(url: str) -> str:
    auth = split_url(url).auth
    return url if auth is None else url.replace(f"{auth}@", "", 1)


def _parts(url: str) -> list[str | None]:
    parts = split_url(url)
    return [parts.location, parts.scheme, parts.auth, parts.token]


def _with_auth(url: str, auth: str) -> str:
    return url if split_url(url).auth else url.replace("://", f"://{auth}@", 1)


def _is_ip(text: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(text).version == version
    except ValueError:
        return False


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "mask_anaconda_token": _masked,
    "remove_auth": _without_auth,
    "split_anaconda_token": split_token,
    "split_scheme_auth_token": _parts,
    "maybe_add_auth": _with_auth,
    "path_to_url": file_url,
    "is_url": lambda text: split_url(text).scheme is not None,
    "is_ipv4_address": lambda text: _is_ip(text, 4),
    "is_ipv6_address": lambda text: _is_ip(text, 6),
}
