"""What became of the messages that GOV.UK Notify took: asked of Notify, or told by it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import col

from models.hand import Hand
from models.tables.cases import MessageRow
from notifications.channels import Channels
from notifications.govuk_notify import SCHEME, NotTaken, Receipt, account_of
from tasks.database import reading
from tasks.delivery import Noted, Told, note

KEPT_FOR = timedelta(days=7)
"""How long Notify answers for a message, unless the council's service keeps them for longer."""


@dataclass
class ReadBack:
    """What Notify said: the receipt by key, the keys that it does not know (any more), and what went wrong."""

    receipts: dict[str, Receipt] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def taken_by_notify(engine: Engine, now: datetime) -> list[str]:
    """The keys of the letters that Notify took in the days for which it answers, and of which no end is on record, oldest
    first. Of a digest it is one."""
    asked = (sa.select(sa.func.coalesce(col(MessageRow.digest), col(MessageRow.key)))
             .where(col(MessageRow.status) == "sent", col(MessageRow.channel).startswith(f"{SCHEME}-"),
                    col(MessageRow.outcome).is_(None), col(MessageRow.sent_at) > now - KEPT_FOR)
             .order_by(col(MessageRow.sent_at), col(MessageRow.key)))
    with reading(engine) as session:
        return list(dict.fromkeys(key for key, in session.exec(asked).all()))


def told_by(receipt: Receipt) -> Told | None:
    """What a receipt tells of the message that it is about; None while that may still change, or where nobody saw it arrive."""
    if receipt.key is None or receipt.state not in ("delivered", "failed"):
        return None
    if receipt.state == "delivered":
        return Told(receipt.key, "delivered")
    return Told(receipt.key, "bounced", receipt.status.replace("-", "_"), final=not receipt.again)


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


def take_in(engine: Engine, channels: Channels, hand: Hand, today: date, progress: Callable[[int], None] = lambda done: None
            ) -> Noted:
    """Ask GOV.UK Notify what became of what it took, and write it down. Without a service there nobody is asked."""
    if not any(account_of(url.get_secret_value()) for url in channels.urls.values()):
        return Noted()
    report = read_back(channels.urls, taken_by_notify(engine, hand.at), progress)
    noted = note(engine, channels, filter(None, map(told_by, report.receipts.values())), hand, today)
    noted.problems += report.problems
    return noted
