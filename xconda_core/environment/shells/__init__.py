"""How each shell says what activation changes: one dialect per shell. Layer: environment."""
