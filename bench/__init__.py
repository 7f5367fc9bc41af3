"""What the engine costs, beside a bare floor of hand-written sqlite3 that leaves the same rows with the same durability."""
