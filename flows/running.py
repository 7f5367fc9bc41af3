"""`flow` as this house declares one: Prefect's, and each run leaves its mark in our own record, which nobody vacuums."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pendulum
import prefect
from prefect import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow

from tasks import runs
from tasks.database import engine
from tasks.settings import settings


async def begun(flow: Flow[..., Any], run: FlowRun, state: State) -> None:
    """Keep that the run has begun: its flow, the deployment it was started from, and the case it visits."""
    deployment = None
    if run.deployment_id is not None:
        async with get_client() as client:
            deployment = (await client.read_deployment(run.deployment_id)).name
    case_ref = run.parameters.get("case_ref")
    runs.begin(engine(settings().database_url), str(run.id), flow.name, deployment, case_ref, pendulum.now("UTC"))


async def ended(flow: Flow[..., Any], run: FlowRun, state: State) -> None:
    """Keep how the run ended."""
    runs.end(engine(settings().database_url), str(run.id), state.name or state.type.value, pendulum.now("UTC"))


flow: Callable[..., Any] = partial(
    prefect.flow, on_running=[begun], on_completion=[ended], on_failure=[ended], on_crashed=[ended], on_cancellation=[ended])
"""What makes a function a flow of this house."""
