"""Archives that plugins unpack. Layer: engine.

Imported only where a plugin is installed.
"""

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path

from xconda_core import plugins
from xconda_core.engine.plugin_set import Offer, PluginSet
from xconda_core.models.archive_name import BUNDLE, ENDINGS

_Offer = Offer[plugins.PluginPackageExtractor]


def extractors(installed: PluginSet) -> dict[str, Callable[[Path, Path], None]]:
    """Return what unpacks archives, by the ends of their names; xconda's own are not among them."""
    found: dict[str, _Offer] = {}
    for offer in installed.offers(plugins.PluginPackageExtractor):
        endings = [str(each).lower() for each in offer.value.extensions]
        taken = next((each for each in endings if each in (*ENDINGS, BUNDLE, *found)), None)
        odd = next((each for each in endings if len(each) < 2 or each[0] != "."), None)
        if taken is not None:
            offer.refuse(f"unpacks {taken}, which xconda or another plugin does")
        elif odd is not None:
            offer.refuse(f"unpacks {odd!r}, which is no end of a file's name")
        else:
            found |= dict.fromkeys(endings, offer)
    return {ending: partial(_extract, offer) for ending, offer in found.items()}


def _extract(offer: _Offer, archive: Path, folder: Path) -> None:
    with redirect_stdout(sys.stderr):
        offer.demand(offer.value.extract, archive, folder)
