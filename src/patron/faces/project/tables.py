"""The tables of the application database: what is waiting to be done to them, and doing it."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def waiting() -> list[str]:
    """Names of the migrations that the database has not seen, in order. OperationalError when it can't be reached."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def empty() -> bool:
    """Whether no migration was ever applied: a new database."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return "django_migrations" not in names


def bring_up_to_date() -> None:
    """Applies every waiting migration; what must be there (the built-in roles) is put in afterwards."""
    call_command("migrate", interactive=False, verbosity=0)
