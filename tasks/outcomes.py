"""Whatever tells what became of messages, read in one go: GOV.UK Notify's receipts, and what the mail system sent back."""

from datetime import date

from sqlalchemy import Engine

from models.hand import Hand
from notifications.channels import Channels
from tasks import receipts, returns
from tasks.delivery import Noted
from tasks.returns import NoFolder
from tasks.settings import Settings


def read_all(engine: Engine, channels: Channels, settings: Settings, hand: Hand, today: date) -> Noted:
    """Read every source that is set up and write down what it tells. What is wrong with one stands in `problems` and holds up
    none of the others."""
    noted = receipts.take_in(engine, channels, hand, today)
    if settings.returns_dir is not None:
        try:
            report = returns.take_in(engine, channels, settings.returns_dir, settings.link_secret, hand, today)
        except NoFolder as error:
            noted.problems.append(str(error))
        else:
            noted.add(report.noted)
            if report.other:
                noted.problems.append(f"{len(report.other)} of what came back by mail was not understood: look at it in"
                                      f" {returns.OTHER} in the folder of EHC_RETURNS_DIR.")
    return noted
