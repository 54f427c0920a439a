"""Which channels names and addresses mean under a configuration. Layer: engine."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from xconda_core.config.environ import home_folder
from xconda_core.config.settings import Settings
from xconda_core.config.written import CHANNEL_SETTINGS, place_of
from xconda_core.models.channel import Channel, ChannelNaming, InvalidChannel, expand_channels
from xconda_core.models.channel_url import file_url


def named_channels(
    names: Sequence[str], settings: Settings, environ: Mapping[str, str]
) -> tuple[Channel, ...]:
    """Return the channels that ``names`` mean.

    Raises:
        InvalidChannel: one of them names no channel; it says where the configuration has it.
    """
    try:
        return expand_channels(names, _naming(settings, environ))
    except InvalidChannel as error:
        place = place_of(error.is_of, CHANNEL_SETTINGS, settings.config_files, environ)
        raise InvalidChannel(error.text, error.reason, place) from None


def _naming(settings: Settings, environ: Mapping[str, str]) -> ChannelNaming:
    return ChannelNaming(
        channel_alias=settings.channel_alias,
        custom_channels={**ChannelNaming().custom_channels, **settings.custom_channels},
        custom_multichannels=settings.custom_multichannels,
        default_channels=settings.default_channels,
        local_channels=[file_url(str(folder)) for folder in settings.local_folders],
        migrated_custom_channels=settings.migrated_custom_channels,
        migrated_channel_aliases=settings.migrated_channel_aliases,
        current_folder=str(Path.cwd()),
        home_folder=str(home_folder(environ)),
    )
