"""A request sent twice is carried out once: the caller's Idempotency-Key, and the answer that was
given.

The request is remembered in the transaction of what it does: both are there, or neither.
"""

import hashlib
import json
import uuid
from collections.abc import Callable

from django.db import IntegrityError
from django.utils.translation import gettext as _
from pydantic import BaseModel

from api.problems import Problem
from moderation.models import ApiRequest, ApiToken
from rooms.infra.transactions import write_turn

Answer = dict[str, object]
# The key of an act is a UUID: made of the token and the caller's key, the same for ever.
NAMESPACE = uuid.UUID("6f1d7f0e-6f0c-4f5e-9f0b-0d1c7a3e5b21")


def carry_out(
    *, token: ApiToken, key: str, what: str, asked: BaseModel, do: Callable[[uuid.UUID], BaseModel]
) -> Answer:
    """Calls `do` with the key of the act, once; a repetition gets the first answer.

    what: name of the operation. Raises Problem (409) when the key came with another request, and
    what `do` raises: then nothing is remembered, and the key can be used again.
    """
    digest = digest_of(what, asked)
    if known := remembered(token, key, digest):
        return known
    try:
        with write_turn(priority=True):
            kept = ApiRequest.objects.create(token=token, key=key, digest=digest)
            kept.answer = do(uuid.uuid5(NAMESPACE, f"{token.pk}:{key}")).model_dump()
            kept.save(update_fields=["answer"])
    except IntegrityError:
        # Sent twice at once: the other one has done it.
        if known := remembered(token, key, digest):
            return known
        raise
    answer: Answer = kept.answer
    return answer


def remembered(token: ApiToken, key: str, digest: str) -> Answer | None:
    """What this request was answered; None when it is new.

    Raises Problem for another request with its key.
    """
    known = ApiRequest.objects.filter(token=token, key=key).first()
    if known is None:
        return None
    if known.digest != digest:
        raise Problem(
            409, _("This Idempotency-Key was used for another request. Make a new key for each.")
        )
    answer: Answer = known.answer
    return answer


def digest_of(what: str, asked: BaseModel) -> str:
    """SHA-256 of what is asked for, however it was written."""
    body = json.dumps(asked.model_dump(), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(f"{what}\n{body}".encode()).hexdigest()
