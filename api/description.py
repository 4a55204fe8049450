"""The OpenAPI description: what the library derives from the operations, and what it cannot know of
them.
"""

import functools
from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI

from api.answers import ProblemAnswer
from api.problems import CONTENT_TYPE

# What every operation may answer, and what those that change something may answer besides.
REFUSALS = (401, 403, 404, 422, 429, 500, 503)
OF_CHANGES = (400, 409, 413)
SCHEMA = "ProblemAnswer"


@functools.cache
def of(api: NinjaAPI) -> dict[str, Any]:
    """The description as a dictionary, made once a process."""
    described: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="api/v1/"))
    faults = ProblemAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
    described["components"]["schemas"] |= faults.pop("$defs") | {SCHEMA: faults}
    for methods in described["paths"].values():
        for method, operation in methods.items():
            more = OF_CHANGES if method == "post" else ()
            for status in sorted((*REFUSALS, *more)):
                operation["responses"][str(status)] = refusal(status)
            operation["responses"] = {
                str(code): answer for code, answer in operation["responses"].items()
            }
    return described


def refusal(status: int) -> dict[str, object]:
    content = {CONTENT_TYPE: {"schema": {"$ref": f"#/components/schemas/{SCHEMA}"}}}
    described: dict[str, object] = {"description": HTTPStatus(status).phrase, "content": content}
    if status in {429, 503}:
        described["headers"] = {
            "Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}
        }
    return described
