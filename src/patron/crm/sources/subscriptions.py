"""What imports do when something happens to customers."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from patron.crm.customers.models import SourceRecord
from patron.crm.kit.announcements import subscribe
from patron.crm.sources.models import Import, RejectedCell
from patron.crm.sources.reading import forget_file


@subscribe("customers.erased")
def forget_files(*, customer_id: int, record_ids: Collection[int], **_more: object) -> None:
    """The files in which an erased person may stand are deleted, and the rejected rows of those imports.

    That is every file of the sources that knew them: a file that only repeated what was known left no mark.
    """
    del customer_id
    sources = SourceRecord.objects.filter(pk__in=record_ids).values("source_id")
    runs = list(Import.objects.filter(source_id__in=sources))
    RejectedCell.objects.filter(run__in=runs).delete()
    for run in runs:
        # The files go when the erasure is sure: a rollback brings rows back, not files.
        transaction.on_commit(lambda run=run: forget_file(run))  # type: ignore[misc]
