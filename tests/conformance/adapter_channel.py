"""Translate the rows on channels to our values."""

from dataclasses import fields
from typing import Any

from xconda_core.models.channel import Channel, ChannelNaming, expand_channels


def channel(
    value: str, config: dict[str, Any], platform: str, env: dict[str, str] | None
) -> dict[str, Any]:
    channels = expand_channels([value], _naming(config))
    answer: dict[str, Any] = {
        "urls": [url for one in channels for url in one.urls(platform)],
        "urls_with_credentials": [
            one.url_with_credentials(folder)
            for one in channels
            for folder in one.platforms(platform)
        ],
    }
    return answer if len(channels) != 1 else {**answer, **_of_one(channels[0], platform)}


def _of_one(one: Channel, platform: str) -> dict[str, Any]:
    first = one.platforms(platform)[0]
    return {
        "canonical_name": one.canonical_name,
        "name": one.name,
        "location": one.location,
        "scheme": one.scheme,
        "auth": one.auth,
        "token": one.token,
        "platform": one.platform,
        "package_filename": one.file_name,
        "base_url": one.base_url,
    } | ({} if one.file_name else {"url": f"{one.base_url}/{first}"})


def prioritize_channels(
    names: list[str], config: dict[str, Any], platform: str
) -> list[list[str | int]]:
    naming = _naming(config)
    places: dict[str, list[str | int]] = {}
    number = 0
    for name in names:
        for one in expand_channels([name], naming):
            for url in one.urls(platform):
                places.setdefault(url, [url, one.canonical_name, number])
            number += 1
    return list(places.values())


def _naming(config: dict[str, Any]) -> ChannelNaming:
    known = {item.name for item in fields(ChannelNaming)}
    return ChannelNaming(**{key: value for key, value in config.items() if key in known})
