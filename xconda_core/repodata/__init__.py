"""What exists: channel documents, their on-disk cache and the index the solver reads."""
