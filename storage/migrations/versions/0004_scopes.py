"""A scope has its kind beside its name: a role's, an invitation's, that of an entry of the log."""

import logging

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_SAYS = logging.getLogger("skm.migrations")

_NOTHING_CHANGES = {
    "sqlite": [
        f"CREATE TRIGGER audit_entry_keeps_{event} BEFORE {event} ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END"
        for event in ("UPDATE", "DELETE")
    ],
    "postgresql": ["ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_keeps"],
}
_MAY_CHANGE = {
    "sqlite": [f"DROP TRIGGER audit_entry_keeps_{event}" for event in ("UPDATE", "DELETE")],
    "postgresql": ["ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_keeps"],
}

# Where a text is both, the unit is meant: of two powers the smaller one. Codes are ASCII.
_IS_CODE = "lower(scope) IN (SELECT folded_code FROM unit)"
_KIND = f"CASE WHEN scope = '*' THEN 'everything' WHEN {_IS_CODE} THEN 'unit' ELSE 'agency' END"
# A unit has no evaluator, an agency no head and no officer.
_KIND_OF_ROLE = (
    "CASE WHEN scope = '*' THEN 'everything' WHEN role IN ('head', 'officer') THEN 'unit' "
    f"WHEN role = 'evaluator' THEN 'agency' WHEN {_IS_CODE} THEN 'unit' ELSE 'agency' END"
)
_AS_KEPT = "COALESCE((SELECT code FROM unit WHERE folded_code = lower(scope)), scope)"


def upgrade() -> None:
    _say_ambiguous()
    _roles()
    _with_kind("invite")
    _with_kind("audit_entry")


def _say_ambiguous() -> None:
    """Never whose they are."""
    both = "role = 'admin' AND scope IN (SELECT agency FROM unit) AND " + _IS_CODE
    for table in ("role", "invite"):
        query = f"SELECT scope, count(*) FROM {table} WHERE {both} GROUP BY scope ORDER BY scope"
        for scope, number in op.get_bind().execute(sa.text(query)):
            _SAYS.warning(
                "“%s” is the code of a unit and the name of an agency. What %d rows of table %s "
                "say of it holds for the unit alone from now on. For the agency, invite anew: "
                "skm invite admin 'agency:%s'",
                scope, number, table, scope,
            )  # fmt: skip


def _roles() -> None:
    """The table anew: the kind belongs to its key."""
    connection = op.get_bind()
    kind, code = f"{_KIND_OF_ROLE} AS scope_kind", f"{_AS_KEPT} AS code"
    query = f"SELECT address, role, {kind}, scope, {code}, since, language FROM role ORDER BY since"
    found = connection.execute(sa.text(query)).mappings()
    rows: dict[tuple[str, ...], dict[str, object]] = {}
    for row in found:
        scope = row["code"] if row["scope_kind"] == "unit" else row["scope"]
        new = {name: row[name] for name in row if name != "code"} | {"scope": scope}
        key = (new["address"], new["role"], new["scope_kind"], scope)
        rows.setdefault(key, new)
    op.drop_table("role")
    table = op.create_table(
        "role",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope_kind", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("address", "role", "scope_kind", "scope", name=op.f("pk_role")),
    )
    op.create_index("ix_role_scope", "role", ["role", "scope_kind", "scope"], unique=False)
    if rows:
        connection.execute(sa.insert(table), [*rows.values()])


def _with_kind(table: str) -> None:
    dialect = op.get_bind().dialect.name
    is_log = table == "audit_entry"
    for statement in _MAY_CHANGE[dialect] if is_log else ():
        op.execute(statement)
    with op.batch_alter_table(table, schema=None) as batch:
        batch.add_column(sa.Column("scope_kind", sa.String(), nullable=True))
    op.execute(f"UPDATE {table} SET scope_kind = {_KIND if is_log else _KIND_OF_ROLE}")
    op.execute(f"UPDATE {table} SET scope = {_AS_KEPT} WHERE scope_kind = 'unit'")
    with op.batch_alter_table(table, schema=None) as batch:
        batch.alter_column("scope_kind", existing_type=sa.String(), nullable=False)
    for statement in _NOTHING_CHANGES[dialect] if is_log else ():
        op.execute(statement)
