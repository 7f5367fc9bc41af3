"""Everything that is told to us from outside, read once: `EHC_…` in the environment, or in a file `.env`."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from models.fact_fields import REFERENCE
from models.retention import Policy
from models.sen2.render import spelled
from notifications.letter import Council


class BadSettings(ValueError):
    """A setting that cannot be used; the message names it, and never shows what it held."""


SHORTEST_SECRET = 32


def keys_in(secret: SecretStr) -> list[str]:
    """The secrets in a setting that may hold several with commas, the newest first."""
    return [key.strip() for key in secret.get_secret_value().split(",") if key.strip()]


class Sen2(BaseModel):
    """The yearly return to the DfE: what its header says of the council, and the choices that public sources leave open.

    `ends_until`: up to which day a refusal or a withdrawal counts. `spellings`: tags to be written otherwise, by block and item, as JSON.
    `namespace`: that of the file, if any.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    council: str = Field(default="", pattern=r"^(\d{3})?$")
    dmo: Literal["Y", "N", "R"] | None = None
    dco: Literal["Y", "N", "R"] | None = None
    dsco: Literal["Y", "N", "R"] | None = None
    software: str = Field(default="EHC", min_length=1, max_length=40)
    release: str = Field(default="", max_length=40)
    ends_until: Literal["year_end", "survey_day"] = "year_end"
    spellings: dict[str, str] = Field(default_factory=dict)
    namespace: str = Field(default="", pattern=r"^[^\s<>\"]*$", max_length=200)

    @field_validator("spellings")
    @classmethod
    def _known(cls, value: dict[str, str]) -> dict[str, str]:
        spelled(value)
        return value


class Settings(BaseSettings):
    """What can be set, and what holds if nothing is.

    `channels` are Apprise URLs by role or agency, as JSON: EHC_CHANNELS='{"rcb": "mailto://…"}'. The council's own
    details are set one by one: EHC_COUNCIL__NAME, EHC_COUNCIL__PHONE, … Secrets do not show in `repr`.

    `public_url` is where agencies reach the portal, and `link_secret` signs the links in their letters, which are good for
    `link_days`; a second secret after a comma still opens links that it signed. Without both there are no links.

    `officer` is the reference of whoever uses this machine: who records and who looks, where a call does not say.

    `sen2` is about the yearly return, each detail set one by one: EHC_SEN2__COUNCIL, EHC_SEN2__DMO, … `gias_file` is the register of
    schools as a CSV file, with which more of its rules can be run.

    `seal_key` is the file of the private key that signs the trail's checkpoints, `seal_dir` the folder in which these are
    kept beside the database.

    `returns_dir` is a folder, or a Maildir, into which the mail system puts what it sends back to the sender of our e-mails.
    `policy_file` is the council's own policy of reminders (TOML).
    `notify_token` is the bearer token with which GOV.UK Notify posts its receipts to the portal.

    `timestamp_url` is where a third party's time stamps on checkpoints are asked for (RFC 3161), `timestamp_ca` a PEM file with the
    certificates of the authorities that are trusted for them.

    `retention` is how long the personal data of a child are kept, in years from birth: EHC_RETENTION__PLAN where there was a plan,
    EHC_RETENTION__NO_PLAN where there was none. What is not set never falls due.
    """

    model_config = SettingsConfigDict(
        env_prefix="EHC_", env_nested_delimiter="__", env_file=".env", env_ignore_empty=True, extra="ignore",
        hide_input_in_errors=True, frozen=True)

    database_url: str = Field(default="sqlite:///./var/ehc.sqlite", repr=False, min_length=1)
    channels: dict[str, SecretStr] = Field(default_factory=dict)
    outbox_dir: Path = Path("var/outbox")
    officer: str | None = Field(default=None, pattern=REFERENCE)
    seal_key: Path | None = None
    seal_dir: Path = Path("var/seals")
    council: Council = Field(default_factory=Council)
    prefect_port: int = Field(default=4200, ge=1, le=65535)
    public_url: str = Field(default="", pattern=r"^(https?://[^\s/?#@]+(/[^\s?#]*)?)?$", max_length=60)
    link_secret: SecretStr = SecretStr("")
    link_days: int = Field(default=70, ge=1, le=365)
    portal_port: int = Field(default=8420, ge=1, le=65535)
    documents_dir: Path = Path("var/documents")
    sen2: Sen2 = Field(default_factory=Sen2)
    gias_file: Path | None = None
    document_megabytes: int = Field(default=20, ge=1, le=200)
    returns_dir: Path | None = None
    policy_file: Path | None = None
    notify_token: SecretStr = SecretStr("")
    timestamp_url: SecretStr = SecretStr("")
    timestamp_ca: Path | None = None
    retention: Policy = Field(default_factory=Policy)

    @field_validator("link_secret", "notify_token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if any(len(key) < SHORTEST_SECRET for key in keys_in(value)):
            raise ValueError(f"each secret needs at least {SHORTEST_SECRET} characters that nobody can guess: take the output"
                             " of `openssl rand -hex 32`")
        return value


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings, read when first asked for and kept. Raises BadSettings."""
    return read_settings()


def read_settings() -> Settings:
    """The settings as they are now. Raises BadSettings."""
    try:
        return Settings()
    except SettingsError as error:                       # the text of a setting is no JSON
        raise BadSettings(f"A setting cannot be read: {error}. Give it as JSON, such as EHC_CHANNELS='{{\"rcb\": \"…\"}}'.") from None
    except ValidationError as error:
        wrong = "; ".join(f"EHC_{'__'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors(include_input=False))
        raise BadSettings(f"{wrong}. Put it right in the environment or in .env.") from None
