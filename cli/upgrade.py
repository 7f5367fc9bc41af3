"""`ehc upgrade`: the tables of the database, made or brought to this program's version."""

from cli import here, show


def upgrade() -> None:
    """Make the tables of the database, or bring them to this program's version. Safe to repeat.

    `ehc up` does it too. Make a backup first where there is something to lose.
    """
    from tasks.database import upgrade as bring_up
    from tasks.database import version_of

    engine = here.database(make=True)
    bring_up(engine)
    with engine.connect() as connection:
        show.say(f"The database {engine.url.render_as_string(hide_password=True)} is at version {version_of(connection)}.")
