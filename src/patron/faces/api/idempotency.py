"""A write asked for twice with the same `Idempotency-Key` is done once, and answered twice with the same words.

The key is claimed first, in a moment of its own, so that a second request meanwhile is told to wait (409). The write
and its answer are then kept in one transaction: either both are there or neither. A refusal keeps nothing; the same key
may try again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from patron.crm.kit import clock
from patron.crm.kit.models import IdempotencyKey
from patron.crm.kit.policy import Actor
from patron.faces.api.problems import Problem
from patron.faces.api.resource import Traits
from patron.faces.api.values import JSON
from patron.words import Text

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT = timedelta(hours=24)
# A process that died between claim and write would keep its key for ever.
GIVEN_UP = timedelta(minutes=5)
SHAPE = re.compile(r"[\x21-\x7e]{1,80}")
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

Work = Callable[[], HttpResponse]


def once(request: HttpRequest, actor: Actor, work: Work, traits: Traits) -> HttpResponse:
    """`work`, once for each key. An answer with a secret is not kept: a repetition is refused.

    What takes long commits by itself and is safe to run twice; its answer is kept behind it.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method not in WRITES or actor.id is None:
        return work()
    if not SHAPE.fullmatch(key):
        raise Problem(
            400,
            Text(f"{HEADER} is 1 to 80 plain characters.", f"{HEADER} 须为 1 至 80 个可见 ASCII 字符。"),
        )
    claim, answered = _claim(request, actor.id, key)
    if claim is None:
        return answered or _waiting()
    try:
        with nullcontext() if traits.long else transaction.atomic():
            response = work()
            _keep(claim, response, traits.secret)
    except BaseException:
        IdempotencyKey.objects.filter(pk=claim.pk, status=None).delete()
        raise
    return response


def _claim(request: HttpRequest, actor_id: int, key: str) -> tuple[IdempotencyKey | None, HttpResponse | None]:
    """(the claim, None) for a key that is ours now; (None, the first answer or None while it is being made)."""
    forget()
    now, digest = clock.now(), fingerprint(request)
    row = IdempotencyKey(actor_id=actor_id, key=key, path=request.path[:200], body_hash=digest, made_at=now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
        return row, None
    except IntegrityError:
        pass
    there = IdempotencyKey.objects.filter(actor_id=actor_id, key=key).first()
    if there is None:
        return None, None  # it was given back this very moment: the sender asks again
    if there.body_hash != digest:
        raise Problem(
            409,
            Text("This key was used for another request.", "此键已用于另一请求。"),
            Text("Use a new key for a new request.", "新请求请使用新的键。"),
        )
    if there.status is not None:
        return None, _again(there)
    late = IdempotencyKey.objects.filter(pk=there.pk, status=None, made_at__lt=now - GIVEN_UP)
    return (there, None) if late.update(made_at=now) else (None, None)


def fingerprint(request: HttpRequest) -> str:
    """What makes two requests the same: method, address and contents (of a form its fields and files)."""
    parts = [str(request.method), request.get_full_path()]
    if (request.content_type or "").startswith("multipart/"):
        parts += [json.dumps(sorted(request.POST.lists()), ensure_ascii=False)]
        files: list[tuple[str, Any]] = sorted(request.FILES.items())
        for name, file in files:
            digest = sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
            parts += [name, file.name or "", digest.hexdigest()]
        contents = b""
    else:
        contents = request.body
    return sha256("\n".join(parts).encode() + b"\n" + contents).hexdigest()


def _keep(claim: IdempotencyKey, response: HttpResponse, secret: bool) -> None:
    claim.status = response.status_code
    claim.answer = None if secret else response.content.decode()
    claim.save(update_fields=["status", "answer"])


def _again(there: IdempotencyKey) -> HttpResponse:
    if there.answer is None:
        raise Problem(
            409,
            Text("This was done before; its answer is not kept.", "此请求已执行过，其结果未保留。"),
            Text("Look up what was made; use a new key for a new request.", "请查询已创建的内容；新请求请使用新的键。"),
        )
    response = HttpResponse(there.answer, status=there.status, headers={REPLAYED: "true"})
    response["Content-Type"] = JSON
    return response


def _waiting() -> HttpResponse:
    raise Problem(
        409,
        Text("The first request with this key is not done yet.", "使用此键的首个请求尚未完成。"),
        Text("Ask again in a second.", "请稍后重试。"),
        headers={"Retry-After": "1"},
    )


def forget() -> None:
    """Takes away keys older than a day, some at a time, the oldest first."""
    old = IdempotencyKey.objects.filter(made_at__lt=clock.now() - KEPT).order_by("made_at").values("pk")[:500]
    IdempotencyKey.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
