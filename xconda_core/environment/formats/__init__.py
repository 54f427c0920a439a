"""The files in which people write environments down: read into values, and written. Pure."""
