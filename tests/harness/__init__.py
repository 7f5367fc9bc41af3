"""Real parts that the tests share: a PostgreSQL, and a Prefect with its worker."""
