"""The table in which customers are found by any part of a name, phone or e-mail."""

from __future__ import annotations

from django.db import migrations

from patron.crm.customers.search import engine


def create(_apps, editor):
    """The empty index, as this kind of database keeps it."""
    with editor.connection.cursor() as cursor:
        engine(editor.connection.vendor).create(cursor)


def drop(_apps, editor):
    """Take it away again."""
    with editor.connection.cursor() as cursor:
        engine(editor.connection.vendor).drop(cursor)


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_name_key")]
    operations = [migrations.RunPython(create, drop)]
