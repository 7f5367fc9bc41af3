"""The register of agencies. No trigger keeps it as it was: names and channels of contacts can be erased."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("ref", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("roles", sa.String, nullable=False),
        sa.Column("weekdays", sa.String, nullable=False),
        sa.Column("until", sa.Date),
    )
    op.create_table(
        "agency_contact",
        sa.Column("agency_ref", sa.String, sa.ForeignKey("agency.ref"), primary_key=True),
        sa.Column("ref", sa.String, primary_key=True),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("channel", sa.String),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("verified_on", sa.Date),
        sa.Column("verified_by", sa.String),
        sa.CheckConstraint("until >= since", name="ck_agency_contact_until"),
        sa.CheckConstraint("(verified_on IS NULL) = (verified_by IS NULL)", name="ck_agency_contact_verified"),
        sa.CheckConstraint("verified_on IS NULL OR channel IS NOT NULL", name="ck_agency_contact_channel"),
    )
    op.create_table(
        "agency_cover",
        sa.Column("agency_ref", sa.String, primary_key=True),
        sa.Column("contact_ref", sa.String, primary_key=True),
        sa.Column("since", sa.Date, primary_key=True),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("cover_ref", sa.String, nullable=False),
        sa.ForeignKeyConstraint(["agency_ref", "contact_ref"], ["agency_contact.agency_ref", "agency_contact.ref"]),
        sa.ForeignKeyConstraint(["agency_ref", "cover_ref"], ["agency_contact.agency_ref", "agency_contact.ref"]),
        sa.CheckConstraint("until >= since", name="ck_agency_cover_until"),
        sa.CheckConstraint("cover_ref <> contact_ref", name="ck_agency_cover_other"),
    )
    op.create_table(
        "agency_closure",
        sa.Column("agency_ref", sa.String, sa.ForeignKey("agency.ref"), primary_key=True),
        sa.Column("since", sa.Date, primary_key=True),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("why", sa.String, nullable=False),
        sa.CheckConstraint("until >= since", name="ck_agency_closure_until"),
    )
