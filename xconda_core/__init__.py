"""xconda's engine: conda's formats, a solver and transactions, blocking and silent."""

__version__ = "0.1.0"
