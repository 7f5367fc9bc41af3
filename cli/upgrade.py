"""`ehc upgrade`: the tables of the database, made or brought to this program's version."""

from cli import here, show


def upgrade() -> None:
    """Make the tables of the database, or bring them to this program's version. Safe to repeat.

    `ehc up` does it too. Make a backup first where there is something to lose.
    """
    from tasks.database import version_of
    from tasks.rebuild import bring_up

    engine = here.database(make=True)
    done = bring_up(engine)
    if done is not None:
        show.say(f"{show.count(done.cases, 'case')} worked out anew from the facts.")
    for finding in done.left if done else ():
        show.warn(f"{finding}: left as it was; `ehc trail verify` says more.")
    with engine.connect() as connection:
        show.say(f"The database {engine.url.render_as_string(hide_password=True)} is at version {version_of(connection)}.")
