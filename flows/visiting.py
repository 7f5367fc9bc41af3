"""What every stage's flow does alike: arrive at a case, say what is to be said, leave it in a state that tells where it
stands, and hand it over to the stage that it has reached."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

import pendulum
import prefect.runtime
from prefect import get_client, get_run_logger
from prefect.artifacts import acreate_progress_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed
from pydantic import Field, WithJsonSchema

from models.case import Case
from models.fact_fields import CASE_REF, REFERENCE
from models.hand import Hand
from models.stages import Stage
from models.summary import duty_table, progress, standing_line
from notifications.what_follows import failed_messages, lateness, withdrawal
from tasks import steps
from tasks.case_file import NewFact
from tasks.nudge import DEPLOYMENTS
from tasks.settings import settings
from tasks.visit import ENOUGH, Part, due_now

LONDON = "Europe/London"

CaseRef = Annotated[str, Field(pattern=CASE_REF, examples=["EHC-2026-0042"])]
Reference = Annotated[str, Field(pattern=REFERENCE)]
Day = Annotated[date, WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"})]

Answers = Annotated[str, Field(pattern=r"^[a-z_]+(:\d{4}-\d{2}-\d{2})?$", examples=["review:2027-03-04"])]
Reason = Literal["plan_necessary", "plan_not_necessary", "provision_without_plan_suffices", "needs_met", "no_sen",
                 "more_time_not_needed", "assessed_within_6_months", "other"]
Order = Literal["dismiss_cease", "assess", "make_plan", "remit", "amend_provision", "amend_setting", "continue",
                "continue_amend", "other"]
SettingType = Literal["maintained_school", "maintained_nursery", "academy", "ap_academy", "pru", "non_maintained_special",
                      "section_41", "independent", "fe_college", "post16", "early_years", "none"]

Told = tuple[str, date | None, Mapping[str, Any]]
"""What a coordinator tells of: the kind of fact, the day on which it happened (or None for today), and its fields."""

ALWAYS: tuple[Part, ...] = (lateness, withdrawal, failed_messages)
"""What any visit says, whatever the stage."""


def today() -> date:
    """The civil day in England. Read at a flow's door and nowhere below."""
    now = pendulum.now(LONDON)
    return date(now.year, now.month, now.day)


def now_utc() -> datetime:
    """This moment. Read at a flow's door and nowhere below."""
    return pendulum.now("UTC")


def hand(by: str) -> Hand:
    """The hand of this flow run, at this moment."""
    return Hand(now_utc(), by, prefect.runtime.flow_run.id)


async def tag_run(*more: str) -> None:
    """Add tags to the current flow run; nothing outside one."""
    run = FlowRunContext.get()
    if run is None or run.flow_run is None:
        return
    async with get_client() as client:
        await client.update_flow_run(run.flow_run.id, tags=sorted({*prefect.runtime.flow_run.tags, *more}))


class Visit:
    """One flow run's visit to one case on one day."""

    def __init__(self, flow: str, case: Case) -> None:
        self.flow, self.case = flow, case
        self.settings = settings()
        self.said = 0

    @classmethod
    async def arrive(cls, flow: str, case_ref: str, on: date | None) -> "Visit":
        """Read the case as it stands on `on`, or today, and tag the run with its reference and stage."""
        day = on or today()
        visit = cls(flow, steps.read_case(settings(), case_ref, day))
        await tag_run(f"case:{case_ref}", f"stage:{visit.case.stage}")
        return visit

    @property
    def hand(self) -> Hand:
        """The hand of this run."""
        return hand(f"flow:{self.flow}")

    def record(self, kind: str, on: date | None, data: Mapping[str, Any]) -> None:
        """Record one fact of the case, once, however often the run is repeated. It happened on `on`, or today."""
        self.record_together((kind, on, data))

    def record_together(self, *told: Told) -> None:
        """Record several facts of the case that belong together: all, or none. Each once, as `record` does."""
        facts = []
        for kind, on, data in told:
            day = on or self.case.on
            key = f"{self.case.ref}/{kind}/{prefect.runtime.flow_run.id or day.isoformat()}"
            facts.append(NewFact(kind, day, {name: value for name, value in data.items() if value not in (None, [], "")}, key))
        self.case = steps.record(self.settings, self.case.ref, facts, self.hand, self.case.on).case

    async def say(self, *parts: Part) -> None:
        """Write down and send what these parts of the process have to say, until they have nothing more to say today.

        Without any, everything that the case calls for is said.
        """
        speaking = (*parts, *ALWAYS) if parts else None
        for _ in range(ENOUGH):
            written = steps.say(self.settings, self.case.ref, self.case.on, self.hand, speaking)
            sent = steps.send(self.settings, self.hand, self.case.on, [self.case.ref], clock=now_utc)
            self.said += sent.sent
            for problem in sent.problems:
                get_run_logger().warning(problem)
            self.case = steps.read_case(self.settings, self.case.ref, self.case.on)
            if not written or not due_now(self.case, speaking):
                return

    async def leave(self) -> State:
        """Leave the case's table of duties and its progress, hand over where another stage has begun, and say how it stands."""
        await self._leave_artifacts()
        following = DEPLOYMENTS[self.case.stage]
        if following != self.flow:
            from flows.stages import FLOWS      # every stage's flow comes here first

            await FLOWS[following](case_ref=self.case.ref, on=self.case.on)
            self.case = steps.read_case(self.settings, self.case.ref, self.case.on)
        line = standing_line(self.case)
        get_run_logger().info("%s: %s; %d messages sent", self.case.ref, line, self.said)
        return Completed(name=line.partition(":")[0], message=line)

    async def _leave_artifacts(self) -> None:
        if FlowRunContext.get() is None:
            return
        slug = artifact_slug(self.case.ref)
        way = progress(self.case)
        await acreate_table_artifact(
            key=f"duties-{slug}", table=duty_table(self.case),
            description=f"Duties of {self.case.ref} on {self.case.on.isoformat()}: {standing_line(self.case)}")
        await acreate_progress_artifact(
            key=f"progress-{slug}", progress=way.percent, description=f"{self.case.ref}: {way.words}")


def artifact_slug(ref: str) -> str:
    """A case reference as Prefect allows it in the key of an artifact.

    >>> artifact_slug("EHC-2026/0042")
    'ehc-2026-0042'
    """
    return re.sub(r"[^a-z0-9]+", "-", ref.lower()).strip("-")


def is_at(case: Case, *stages: Stage) -> bool:
    """Whether the case stands at one of these stages."""
    return case.stage in stages
