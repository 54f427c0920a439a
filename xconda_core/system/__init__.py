"""The machine: platform and virtual packages."""
