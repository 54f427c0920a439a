"""What an environment is: prefix, history, revisions, pins, registry, activation."""
