"""The error of a search that says no, as those know it who go on from there. Layer: solver.

What explains it is loaded when it happens: see ``refusing``.
"""

from xconda_core.errors import XcondaError


class Refused(XcondaError):
    """No set of packages meets everything that is asked; it is always an ``Unsatisfiable``."""

    def names_claiming(self, kind: str = "") -> set[str]:
        """Return the packages about which something is claimed, of one kind or of any."""
        raise NotImplementedError
