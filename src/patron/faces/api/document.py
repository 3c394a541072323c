"""The API's description, OpenAPI 3.1: what ninja knows of shapes, and what every address has in common.

ninja writes pydantic's JSON Schemas, which are 3.1's own, under a 3.1 head, but describes files as 3.0 did and knows
nothing of problems, keys and limits; that is added here, once.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from patron.faces.api.app import RESOURCES, api
from patron.faces.api.idempotency import HEADER, REPLAYED
from patron.faces.api.problems import KINDS, MEDIA
from patron.faces.api.resource import Traits
from patron.words import Text

PREFIX = "/api/v1/"
ALWAYS = (400, 401, 403, 405, 422, 429)
BUSY = (500, 503)
ABOUT = Text(
    "Everything Patron does, for programs. Errors are application/problem+json; lists are read page by page with "
    "`after` and `next`; money is decimal text, times have their offset.",
    "供程序使用的全部功能。错误为 application/problem+json；列表用 after 与 next 翻页；"
    "金额为十进制文本，时间带时区偏移。",
)
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "remedy": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["field", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
LIMITS = {
    "RateLimit-Limit": Text("requests a minute", "每分钟请求数"),
    "RateLimit-Remaining": Text("requests left in this minute", "本分钟剩余请求数"),
    "RateLimit-Reset": Text("seconds until it begins anew", "重新计数前的秒数"),
}
KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "The same key and body again within a day: done once, answered twice.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,80}$"},
}


@cache
def document(lang: str = "en") -> dict[str, Any]:
    """The whole description, with its sentences in `lang`."""
    made: dict[str, Any] = copy.deepcopy(dict(api.get_openapi_schema(path_prefix=PREFIX)))
    made["openapi"] = "3.1.0"
    made["info"] |= {"description": ABOUT.say(lang), "version": "1"}
    made["servers"] = [{"url": "/"}]
    made["tags"] = [{"name": room.name.say(lang)} for room in RESOURCES]
    made["components"]["schemas"]["Problem"] = PROBLEM
    made["components"]["parameters"] = {"IdempotencyKey": KEY}
    made["components"]["headers"] = {
        name: {"description": text.say(lang), "schema": {"type": "integer", "minimum": 0}}
        for name, text in LIMITS.items()
    }
    made["components"]["responses"] = {f"Problem{status}": _problem(status, lang) for status in KINDS}
    tags = {room.name.en: room.name.say(lang) for room in RESOURCES}
    for methods in made["paths"].values():
        for method, operation in methods.items():
            _finish(method, operation, lang)
            operation["tags"] = [tags[name] for name in operation["tags"]]
    _files(made)
    return made


def _problem(status: int, lang: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": KINDS[status].title.say(lang),
        "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 401:
        made["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}
    if status == 405:
        made["headers"] = {"Allow": {"schema": {"type": "string"}, "required": True}}
    if status == 429:
        made["headers"] = {"Retry-After": {"schema": {"type": "integer", "minimum": 0}, "required": True}}
    return made


def _finish(method: str, operation: dict[str, Any], lang: str) -> None:
    """What every operation has beside its shapes."""
    traits: Traits = operation.pop("x-traits")
    operation["x-permission"] = traits.needs
    about = operation.pop("description").split(chr(10))[0]
    operation["summary"] = traits.zh if lang == "zh" else about.removesuffix(".")
    writes = method != "get"
    statuses = {*ALWAYS, *BUSY, 404, *((409, 413) if writes else ())}
    for status, answer in operation["responses"].items():
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in LIMITS}
        if writes and int(status) < 300:
            answer["headers"][REPLAYED] = {"schema": {"type": "string", "const": "true"}}
        if traits.media != "application/json":
            answer["content"] = {traits.media: {"schema": {"type": "string"}}}
    made = {str(status): answer for status, answer in operation["responses"].items()}
    made |= {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(statuses)}
    operation["responses"] = made
    for parameter in operation["parameters"]:
        parameter["schema"] = _never_null(parameter["schema"])
    if writes:
        operation["parameters"] = [*operation["parameters"], {"$ref": "#/components/parameters/IdempotencyKey"}]
    if traits.secret:
        operation["x-shown-once"] = True


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    """An address has no null: what is not wanted is left out."""
    several = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(several) != 1:
        return schema
    made: dict[str, Any] = several[0] | {name: value for name, value in schema.items() if name != "anyOf"}
    return made


def _files(node: Any) -> None:
    """Files as 3.1 describes them: any bytes, no format of strings."""
    if isinstance(node, dict):
        if node.get("format") == "binary":
            del node["format"]
            node["contentMediaType"] = "application/octet-stream"
        for inner in node.values():
            _files(inner)
    elif isinstance(node, list):
        for inner in node:
            _files(inner)
