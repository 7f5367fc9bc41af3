"""The pages: templates in `pages/`, filled in with every value escaped."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse
from starlette.types import Scope

from models.law.record import as_day
from notifications.letter import Council, day
from notifications.versions import WORDING

PAGES = Path(__file__).with_name("pages")


@lru_cache(maxsize=1)
def _templates() -> Environment:
    # The letters' own folder stands second: a page calls things by the words of the letters.
    env = Environment(loader=ChoiceLoader([FileSystemLoader(PAGES), FileSystemLoader(WORDING)]), autoescape=True,
                      undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    env.filters |= {"day": day, "as_day": as_day}
    return env


def page(scope: Scope, name: str, council: Council, status: int = 200, /, **told: Any) -> HTMLResponse:
    """The page `name` with what it is told, as the answer to the call that `scope` describes."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    up = "../" * (path.count("/") - 1)                         # relative, so that the portal may stand under any prefix
    return HTMLResponse(_templates().get_template(f"{name}.html").render(council=council, up=up, **told), status)
