"""The orders of lists in a table of their own (scoring.places) instead of eight indexes on the standings."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from patron.crm.scoring.places import create, drop


def made(_apps, editor):
    """The empty tables; the next refresh fills them."""
    with editor.connection.cursor() as cursor:
        create(cursor, editor.connection.vendor)


def gone(_apps, editor):
    """Take them away again."""
    with editor.connection.cursor() as cursor:
        drop(cursor)


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0002_stage_facts"),
    ]

    operations = [
        migrations.RunPython(made, gone),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_stage_risk",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_stage_clv",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_clv",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_risk_value",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_revenue",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_churn",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_last",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_segment_clv",
        ),
        migrations.AddField(
            model_name="scoringsettings",
            name="places",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="scoringsettings",
            name="placing",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="standing",
            name="refresh",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="standings",
                to="scoring.refresh",
            ),
        ),
    ]
