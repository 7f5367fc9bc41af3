"""What became of the messages that GOV.UK Notify took: asked of Notify, and written down nowhere."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import col

from models.tables import MessageRow
from notifications.govuk_notify import SCHEME, NotTaken, Receipt, account_of
from tasks.database import reading

KEPT_FOR = timedelta(days=7)
"""How long Notify answers for a message, unless the council's service keeps them for longer."""


@dataclass
class ReadBack:
    """What Notify said: the receipt by key, the keys that it does not know (any more), and what went wrong."""

    receipts: dict[str, Receipt] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def taken_by_notify(engine: Engine, now: datetime) -> list[str]:
    """The keys of the messages that Notify took in the days for which it answers, oldest first."""
    asked = (sa.select(col(MessageRow.key))
             .where(col(MessageRow.status) == "sent", col(MessageRow.channel).startswith(f"{SCHEME}-"),
                    col(MessageRow.sent_at) > now - KEPT_FOR)
             .order_by(col(MessageRow.sent_at), col(MessageRow.key)))
    with reading(engine) as session:
        return [key for key, in session.exec(asked).all()]


def read_back(channels: Mapping[str, SecretStr], keys: Iterable[str],
              progress: Callable[[int], None] = lambda done: None) -> ReadBack:
    """Ask every GOV.UK Notify service in `channels` (EHC_CHANNELS) what became of the messages with these keys.

    One request a message and service. A service that does not answer is asked no more, and the keys that nobody else
    knows are left out of `unknown` then.
    """
    services = {}
    for name, url in channels.items():
        if account := account_of(url.get_secret_value()):
            services.setdefault(account, name)
    report = ReadBack()
    for key in keys:
        for account, name in list(services.items()):
            try:
                receipt = account.receipt(key)
            except NotTaken as fault:
                report.problems.append(fault.words.replace("{kept}", f"the address of {name!r} in EHC_CHANNELS"))
                del services[account]
                continue
            if receipt is not None:
                report.receipts[key] = receipt
                break
        else:
            if not report.problems:
                report.unknown.append(key)
        progress(1)
    return report
