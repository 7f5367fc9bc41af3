"""The side effects, one each: the database, the trail, the outbox. The only folder that opens a connection."""
