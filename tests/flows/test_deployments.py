"""prefect.yaml deploys every flow, by module path, with a description for each parameter."""

import importlib
import re
from pathlib import Path

import pytest
import yaml

from models.stages import Stage
from tasks.nudge import DEPLOYMENTS

HOUSE = Path(__file__).parents[2]
DECLARED = yaml.safe_load((HOUSE / "prefect.yaml").read_text())["deployments"]


@pytest.fixture(params=DECLARED, ids=lambda deployment: deployment["name"])
def deployment(request):
    return request.param


def flow_of(deployment):
    module, _, name = deployment["entrypoint"].rpartition(".")
    return getattr(importlib.import_module(module), name)


def test_each_names_a_flow_by_its_module_path(deployment):
    assert re.fullmatch(r"flows\.\w+\.\w+", deployment["entrypoint"])
    assert flow_of(deployment).isasync


def test_each_is_described_and_bounded(deployment):
    assert deployment["description"] and deployment["work_pool"]["name"] == "ehc"
    assert deployment["concurrency_limit"]["limit"] <= 4


def test_each_parameter_tells_a_coordinator_what_it_is(deployment):
    for name, shown in flow_of(deployment).parameters.properties.items():
        assert shown.get("description"), f"{deployment['name']}: {name} has no description"


def test_no_parameter_is_free_text(deployment):
    """Every text that can be typed in is a reference, a code or a day: it has a pattern or a list of choices."""
    schema = flow_of(deployment).parameters.model_dump()

    def texts(part):
        if isinstance(part, dict):
            if part.get("type") == "string":
                yield part
            for value in part.values():
                yield from texts(value)
        elif isinstance(part, list):
            for value in part:
                yield from texts(value)

    for text in texts(schema["properties"]):
        assert "pattern" in text or "enum" in text or "const" in text, text


def test_every_stage_has_a_flow_that_visits_it():
    assert set(DEPLOYMENTS) == set(Stage)
    assert set(DEPLOYMENTS.values()) <= {deployment["name"] for deployment in DECLARED}


def test_every_flow_is_deployed():
    deployed = {deployment["entrypoint"] for deployment in DECLARED}
    for path in (HOUSE / "flows").glob("*.py"):
        module = importlib.import_module(f"flows.{path.stem}") if path.stem != "__init__" else None
        for name, value in vars(module).items() if module else ():
            if type(value).__name__ == "Flow" and value.fn.__module__ == module.__name__:
                assert f"flows.{path.stem}.{name}" in deployed
