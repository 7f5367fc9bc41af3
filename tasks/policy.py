"""A policy of reminders is taken up by the tables with the first round of the watch after it changed, and is kept."""

import json

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import col

from models.hand import Hand
from models.tables.running import PolicyRow
from models.trail import moment
from notifications.ladder import DEFAULT
from notifications.policy import as_plain, fingerprint
from tasks import bulk
from tasks.database import reading, writing
from tasks.policy_file import in_force
from tasks.rebuild import rebuild


def take_up(engine: Engine, hand: Hand) -> bool:
    """Let the tables say what the policy in force says, if it is not the one by which they were worked out; whether it changed.

    A rung that has fired stays fired: what changes is which come next. The policy is kept with the moment, so that it can be
    told later by which one a reminder went. Raises BadPolicy.
    """
    policy = in_force()
    mark = fingerprint(policy)
    if mark == _by_which(engine):
        return False
    with writing(engine) as session:
        number = session.exec(sa.select(sa.func.coalesce(sa.func.max(col(PolicyRow.number)), 0))).scalar_one() + 1
        rebuild(session)
        bulk.insert(session, PolicyRow.__table__, ("number", "sha256", "since", "told"), [
            (number, mark, moment(hand.at), json.dumps(as_plain(policy), sort_keys=True))], keep_existing=True)
    return True


def _by_which(engine: Engine) -> str:
    """The fingerprint of the policy by which the tables were worked out; before the first that was taken up, the default's."""
    with reading(engine) as session:
        found = session.exec(sa.select(col(PolicyRow.sha256)).order_by(col(PolicyRow.number).desc()).limit(1)).first()
    return found[0] if found is not None else fingerprint(DEFAULT)
