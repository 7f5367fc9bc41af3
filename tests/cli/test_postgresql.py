"""The same door on PostgreSQL: one day's work from the first table to the trail."""

from tests.cli.test_receive import CHILD, PARENT, REF


def test_a_days_work_on_postgresql(ehc, empty_postgresql_url):
    env = {"EHC_DATABASE_URL": empty_postgresql_url}
    before = ehc("due", env=env)
    assert before.code == 2 and "has no tables yet" in before.err
    assert "is at version" in ehc("upgrade", env=env).out
    assert ehc(*PARENT, *CHILD, "--on", "2026-03-02", "--attends", "school", "--note", "a word", env=env).code == 0
    assert "is open for this person" in ehc(*PARENT, "--name", "ash sam", "--born", "2017-05-04", "--on", "2026-03-09", env=env).out
    assert ehc("record", REF, "family_consulted", "--on", "2026-03-05", "--no-nudge", env=env).code == 0
    assert ehc("correct", REF, "3", "--on", "2026-03-06", "--because", "misread", "--no-nudge", env=env).code == 0
    rows = "received_on,requested_by,name,born\n2026-03-02,parent,Mia Oak,2016-05-04\n2026-03-03,parent,Bo Elm,2015-01-01\n"
    assert "2 requests, 2 cases opened" in ehc("intake", "-", input=rows, env=env).out
    assert "2 taken in before, nothing has changed" in ehc("intake", "-", input=rows, env=env).out
    assert [row["case"] for row in ehc("due", "--on", "2026-04-14", "--json", env=env).json[:2]] == [REF, "EHC-2026-0002"]
    assert [fact["on"] for fact in ehc("case", REF, "--json", env=env).json["facts"]][:2] == ["2026-03-02", "2026-03-09"]
    assert "Mon 13 Apr 2026" in ehc("why", REF, "decide_whether_to_assess", env=env).out
    assert "Sam Ash" in ehc("person", REF, env=env).out
    assert "every seal holds" in ehc("trail", "verify", env=env).out
    assert "the tables say what the facts say" in ehc("rebuild", "--check", env=env).out
    assert "kind of database" not in ehc("doctor", env=env).out
