"""What a flow tells operations beside its own work."""

from datetime import datetime

from prefect import get_run_logger

from notifications.channels import NotSent
from notifications.letter import WordingError
from tasks import steps
from tasks.settings import Settings


def tell_of_missed_watch(us: Settings, at: datetime) -> None:
    """Tell operations of the days on which the watch did not look, each once. What stands in the way is logged, and the next run of
    any of these flows tries again: it holds up nothing else."""
    try:
        if steps.tell_of_missed_watch(us, at):
            get_run_logger().warning("The watch did not look on days of which operations have now been told; `ehc audit watch` lists them.")
    except (NotSent, WordingError) as error:
        get_run_logger().error("Operations could not be told when the watch did not look: %s", error)
