"""Which authorities a mail server's certificate is checked against, read once for many letters.

Apprise reads the system's authorities anew for every e-mail, and that takes longer than all else that sending it takes.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from types import ModuleType
from typing import Any

from apprise import NotifyBase
from apprise.plugins.email import base

_in_use: ContextVar[ssl.SSLContext | None] = ContextVar("in_use", default=None)


class Trust:
    """The system's authorities as they stand when the first e-mail goes that is checked against them, for as long as this lasts."""

    @cached_property
    def _authorities(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    @contextmanager
    def lent_to(self, plugin: NotifyBase) -> Iterator[None]:
        """For an e-mail: check its server against these. One that must not be checked (verify=no) gets a context of its own,
        for Apprise switches the checks off in it."""
        ours = plugin.protocol == "mailto" and plugin.verify_certificate
        token = _in_use.set(self._authorities if ours else None)
        try:
            yield
        finally:
            _in_use.reset(token)


class _Ssl(ModuleType):
    """The ssl module, as Apprise's plugin for e-mail knows it."""

    def create_default_context(self, *args: Any, **kwargs: Any) -> ssl.SSLContext:
        return _in_use.get() or ssl.create_default_context(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(ssl, name)


base.ssl = _Ssl("ssl")
