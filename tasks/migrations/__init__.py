"""The database's versions. Whoever adds one names it here, so that two added at once meet in review."""

HEAD = "0014"
