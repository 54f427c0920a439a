"""Files done right: atomic writes, kinds of links, locks, trash."""
