"""What is known of one setting before anybody has given it a value. Layer: config. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from xconda_core.config.value_types import ValueType
from xconda_core.values import NamedTuple

Shape = Literal["one", "list", "map", "map of lists", "list of maps", "anything"]
Standing = Literal["used", "never"]


class Definition(NamedTuple):
    """One setting; a tuple, since a hundred of them are made at each start.

    Attributes:
        name: Its name in files, on the command line and in ``Settings``; ``plugins.NAME`` where a
            plugin declares it.
        type: Type of the value, or of each item of a list or map.
        default: Value when nobody says anything; None where it depends on the machine.
        description: One sentence; for a setting that is not used, why it is not.
        shape: One value, a list, a map from text to values or to lists, a list of maps, or
            ``anything``: a value of another program, which is not looked at.
        aliases: Other names it goes by in files and, with ``CONDA_``, in the environment.
        separator: What parts the items of a list in an environment variable.
        expands: ``$VARIABLE`` and ``${VARIABLE}`` in its values are replaced.
        standing: It has an effect (``used``), or never will: a file that has it is right, but it
            changes nothing.
        fields: For a list of maps, the type of the value of each key; other keys are other tools'.
    """

    name: str
    type: ValueType
    default: object
    description: str
    shape: Shape = "one"
    aliases: tuple[str, ...] = ()
    separator: str = ","
    expands: bool = False
    standing: Standing = "used"
    fields: Mapping[str, ValueType] = MappingProxyType({})

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and aliases, the name first."""
        return (self.name, *self.aliases)

    @property
    def fits_a_variable(self) -> bool:
        """Whether the text of an environment variable can say it: maps need a file."""
        return self.shape in {"one", "list"}

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that set it, the proper one first."""
        words = (name.upper().replace("-", "_").replace(".", "_") for name in self.names)
        return tuple(f"CONDA_{word}" for word in words)
