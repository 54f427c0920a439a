"""The engine: a request becomes a plan, a plan becomes a transaction. Blocking and silent."""
