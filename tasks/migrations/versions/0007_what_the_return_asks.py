"""What the national return asks about a person beside name and birth date."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "particulars",
        sa.Column("person_ref", sa.String, sa.ForeignKey("person.ref"), primary_key=True),
        *(sa.Column(name, sa.String) for name in (
            "surname", "forename", "sex", "ethnicity", "postcode", "upn", "uln", "upn_unknown")))
    op.create_index("ix_particulars_upn", "particulars", ["upn"])
    op.create_index("ix_particulars_uln", "particulars", ["uln"])
