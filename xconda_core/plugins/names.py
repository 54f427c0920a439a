"""The one rule about the names of what plugins add. Layer: plugins. Source: conda's ``types``."""

from typing import Any


def put_name_in_order(value: Any) -> None:
    """Write the ``name`` of a new value in lower-case and without blanks around it.

    Raises:
        ValueError: it has no name.
    """
    name = str(value.name).strip().lower()
    if not name:
        raise ValueError(f"a {type(value).__name__} needs a name")
    object.__setattr__(value, "name", name)
