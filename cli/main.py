"""The command `ehc`. Commands load what they need when they run, so that asking for help or a date is quick."""

import sys
from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperGroup

from cli import (
    advice, agency, audit, bring, case, doctor, document, due, export, figures, forecast, handover, intake, law, link, made_up,
    message, officer, pack, person, policy, portal, rebuild, receive, record, replay, resend, retention, sheet, show, trail, up, upgrade,
    watch, whatif)

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Door(TyperGroup):
    """Turns every error that is an answer into one plain sentence on the error stream and an exit code."""

    def invoke(self, ctx: typer.Context) -> Any:
        try:
            return super().invoke(ctx)
        except show.Refused as no:
            show.fail(str(no), show.NO)
        except show.WrongCall as wrong:
            show.fail(str(wrong))
        except _loaded(_NO) as no:
            show.fail(str(no), show.NO)
        except _loaded(_WRONG) as wrong:
            show.fail(str(wrong))
        except _loaded({"sqlalchemy.exc": ("DBAPIError",)}) as error:
            show.fail(f"the database did not do it: {error.orig}. Nothing was kept of this call. `ehc doctor` tells more.")


_NO = {
    "models.export": ("BadExport",),
    "models.trail": ("BrokenChain",),
    "notifications.letter": ("WordingError",),
    "tasks.erasing": ("NotErased",),
    "tasks.files": ("CannotBear",),
    "tasks.intake": ("BelongsElsewhere", "NotToBeRecorded"),
    "tasks.outbox": ("NotToBeSent",),
    "tasks.pack_folder": ("FolderThere",),
    "tasks.packs": ("NotPacked",),
    "tasks.prove": ("NotProved",),
    "tasks.seal": ("NotSealed",),
    "tasks.seal_key": ("BadKey", "NoKey"),
    "tasks.prefect_server": ("PrefectDidNotStart",),
    "tasks.time_stamp": ("NotStamped",),
}
_WRONG = {
    "models.forecast.whatif": ("BadScenario",),
    "models.agencies.told": ("BadRegister",),
    "models.facts": ("BadFact",),
    "models.law.dates": ("CannotCount",),
    "models.law.record": ("BadRecord",),
    "models.law.rulebook": ("UnknownDuty",),
    "notifications.policy": ("BadPolicy",),
    "tasks.agencies": ("NoSuchAgency",),
    "tasks.case_file": ("CaseExists",),
    "tasks.database": ("Busy", "NotReady"),
    "tasks.documents": ("NoSuchDocument",),
    "tasks.export": ("CannotExport",),
    "tasks.import_export": ("NotEmpty",),
    "tasks.pack_folder": ("NotWritten",),
    "tasks.officers": ("NotGone",),
    "tasks.preview": ("NoSuchMessage",),
    "tasks.reading": ("NoSuchCase",),
    "tasks.returns": ("NoFolder",),
    "tasks.runs": ("NoSuchRun",),
    "tasks.sen2_out.export": ("CannotExport",),
    "tasks.sen2_out.files": ("CannotWrite",),
    "tasks.sen2_out.schools": ("BadSchools",),
    "tasks.sen2_files.source": ("BadReturn",),
    "tasks.sen2_import": ("WrongCouncil",),
    "tasks.settings": ("BadSettings",),
    "tasks.typeset": ("NotSet",),
}


def _loaded(names: Mapping[str, tuple[str, ...]]) -> tuple[type[Exception], ...]:
    """The errors of the floors below that say, in words for people, what is wrong: of the modules that are loaded."""
    return tuple(getattr(sys.modules[module], error) for module, errors in names.items() if module in sys.modules
                 for error in errors)


app = typer.Typer(
    cls=Door, name="ehc", no_args_is_help=True, context_settings=HELP, rich_markup_mode=None, add_completion=False,
    pretty_exceptions_enable=False,
    help="Education, Health and Care needs assessments, to their statutory time limits. Not legal advice.",
    epilog=show.example("ehc due", "ehc receive --name 'Sam Ash' --born 2017-05-04 --requested-by parent --attends school"))
app.add_typer(law.app, name="law")
app.add_typer(trail.app, name="trail")
app.add_typer(audit.app, name="audit")
app.add_typer(officer.app, name="officer")
app.add_typer(agency.app, name="agency")
app.add_typer(message.app, name="message")
app.add_typer(link.app, name="link")
app.add_typer(document.app, name="document")
app.add_typer(export.app, name="export")
app.command("import-export", epilog=show.example("ehc import-export var/export-2026-11"))(export.import_export)
app.add_typer(pack.app, name="pack")
app.command("replay", epilog=show.example(
    "ehc replay chronology.jsonl --as-of 2026-06-01",
    """echo '{"case": "A1", "fact": "request_received", "on": "2026-03-02"}' | ehc replay - --as-of 2026-04-14 --why""",
))(replay.replay)
app.command("receive", epilog=show.example(
    "ehc receive --requested-by parent --name 'Sam Ash' --born 2017-05-04 --attends school --setting school-7",
    "ehc receive --requested-by setting --on 2026-03-02 --name 'Sam Ash' --born 2017-05-04 --owner officer-3",
    "ehc receive --responsible --name 'Sam Ash' --born 2017-05-04"))(receive.receive)
app.command("intake", cls=intake.ListsTheColumns, epilog=show.example(
    "ehc intake requests.csv --check", "ehc intake requests.csv", "ehc intake requests.csv --keep-good --json"))(intake.intake)
app.add_typer(bring.app, name="import")
bring.app.command("sen2", epilog=show.example(
    "ehc import sen2 SEN2_201_2026_001.xml --dry-run --report report.html", "ehc import sen2 SEN2_201_2026_001.xml --owner officer-3",
    "ehc import sen2 Blade-Export.zip --year 2025", "ehc import sen2 SEN2_201_2027_001.xml --apply"))(bring.sen2)
bring.app.command("sheet", epilog=show.example(
    "ehc import sheet caseload.xlsx --mapping caseload.toml",
    "ehc import sheet caseload.xlsx --mapping caseload.toml --dry-run --report r.html",
    "ehc import sheet caseload.csv --mapping caseload.toml --on 2026-03-01 --owner officer-3"))(sheet.sheet)
bring.app.command("take-on", epilog=show.example(
    "ehc import take-on SEN2-2026-00042 --owner officer-3",
    "ehc import take-on --duty finalise_plan --within 28 --limit 150 --owner officer-3"))(bring.take_on)
bring.app.command("ledger", epilog=show.example(
    "ehc import ledger", "ehc import ledger --owner officer-3 --rule L14", "ehc import ledger 17 18 --assign officer-3",
    "ehc import ledger 17 --close"))(bring.ledger)
app.command("record", cls=record.ListsTheFacts, context_settings=record.ANY_FIELDS, epilog=show.example(
    "ehc record --fields decided_to_assess",
    "ehc record EHC-2026-0042 family_consulted how=phone",
    "ehc record EHC-2026-0042 decided_to_assess --on 2026-04-10 decided_by=officer-3 reason_codes=plan_may_be_necessary",
    "ehc record EHC-2026-0042 advice_received adviser=adv_c_medical document=doc-117",
    "ehc record EHC-2026-0042 refused_to_assess decided_by=officer-3 reasons=@reasons.txt"))(record.record)
app.command("correct", context_settings=record.ANY_FIELDS, epilog=show.example(
    "ehc correct EHC-2026-0042 6 --on 2026-04-10 --because 'the letter was dated wrongly'",
    "ehc correct EHC-2026-0042 6 adviser=adv_e_social_care --because 'it was the social care advice'",
    "ehc correct EHC-2026-0042 6 --withdraw --because 'typed into the wrong case'"))(record.correct)
app.command("due", epilog=show.example(
    "ehc due", "ehc due --owner officer-3 --within 14", "ehc due --limit 0", "ehc due --on 2026-06-01 --json"))(due.due)
app.command("figures", epilog=show.example(
    "ehc figures", "ehc figures --on 2026-06-30 --method", "ehc figures --year 2025 --council 886 --published release-2026",
    "ehc figures --cases plans_ex.over_a_year", "ehc figures --year 2025 --public --chart var/figures", "ehc figures --foi",
    "ehc figures --return SEN2_886_2026_001.xml --published release-2026"))(figures.figures)
app.command("case", epilog=show.example(
    "ehc case EHC-2026-0042", "ehc case EHC-2026-0042 --as-of 2026-05-01 --json",
    "ehc case EHC-2026-0042 --as-of 2026-05-01 --known-by 2026-05-01"))(case.case)
app.command("why", epilog=show.example(
    "ehc why EHC-2026-0042 finalise_plan", "ehc why EHC-2026-0042 coop_respond_advice --adviser adv_c_medical"))(case.why)
app.command("advice", epilog=show.example(
    "ehc advice EHC-2026-0042", "ehc advice", "ehc advice --agency trust-a --json"))(advice.advice)
agency.app.command("board", epilog=show.example("ehc agency board", "ehc agency board --since 2026-09-01 --json"))(advice.board)
app.command("brief", epilog=show.example("ehc brief EHC-2026-0042", "ehc brief EHC-2026-0042 --out brief.txt"))(handover.brief)
app.command("handover", epilog=show.example(
    "ehc handover EHC-2026-0042 --to officer-4 --by officer-1", "ehc handover EHC-2026-0042 --read --by officer-4"))(
        handover.handover)
app.command("person", epilog=show.example(
    "ehc person EHC-2026-0042", "ehc person EHC-2026-0042 --name 'Sam Ash' --born 2017-05-04",
    "ehc person EHC-2026-0042 --contact 'Jo Ash' --email jo@example.org",
    "ehc person EHC-2026-0042 --sex F --ethnicity WBRI --upn-unknown UN1"))(person.person)
app.command("resend", epilog=show.example(
    "ehc resend EHC-2026-0042", "ehc resend EHC-2026-0042 EHC-2026-0042/final_plan_partners/rcb/76"))(resend.resend)
app.command("sample", epilog=show.example(
    "EHC_DATABASE_URL=sqlite:///./var/made-up.sqlite ehc sample --la-size medium --seed 7",
    "ehc sample --la-size 500 --seed 2 --until 2026-06-01 --json",
    "ehc sample --la-size small --return sen2.xml --year 2026"))(made_up.sample)
app.command("retention", epilog=show.example("ehc retention", "ehc retention --within 90", "ehc retention --json"))(
    retention.retention)
app.command("erase", epilog=show.example(
    "ehc erase EHC-2026-0042 --dry-run",
    "ehc erase EHC-2026-0042 --by officer-3 --approved-by officer-9 --because 'kept for 31 years from birth, as the policy says'"))(
        retention.erase)
app.command("forecast", epilog=show.example(
    "ehc forecast", "ehc forecast --owner officer-3 --limit 0", "ehc forecast --look-back", "ehc forecast --csv"))(
        forecast.forecast)
app.command("whatif", epilog=show.example(
    "ehc whatif examples/what-if/two-more-psychologists.toml", "ehc whatif scenario.toml --json"))(whatif.whatif)
app.command("policy", epilog=show.example(
    "ehc policy", "ehc policy --duty finalise_plan", "ehc policy --toml", "ehc policy --file policy.toml",
    "ehc policy --silenced"))(policy.policy)
app.command("watch", epilog=show.example("ehc watch", "ehc watch --on 2026-06-01", "ehc watch --dry-run"))(watch.watch)
app.command("rebuild", epilog=show.example("ehc rebuild --check", "ehc rebuild"))(rebuild.rebuild)
app.command("upgrade", epilog=show.example("ehc upgrade"))(upgrade.upgrade)
app.command("portal", epilog=show.example("ehc portal", "ehc portal --host 0.0.0.0 --port 8420"))(portal.portal)
app.command("doctor", epilog=show.example("ehc doctor", "ehc doctor --json"))(doctor.doctor)
app.command("up", epilog=show.example("ehc up", "ehc up --sample"))(up.up)


@app.callback()
def door() -> None:
    pass


def main() -> None:
    """The door `ehc`."""
    app()
