"""Text that is JSON, or nearly: a line each, as Python prints it, or cut off at its end."""

from __future__ import annotations

import ast
import json
import re
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import Any

from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints.text import is_number, number, text_of

_DECODER = json.JSONDecoder(parse_constant=lambda _: None)
_BEFORE = re.compile(
    r"\s*(?://[^\n]*\n\s*)*(?:export default|(?:const|let|var)\s+\w+\s*=|\w+\s*=)?\s*"
)
"""What scripts write before what they hold: comments, const data =."""
_BETWEEN = re.compile(r"[\s,]*")
_WORDS = {"true": True, "false": False, **dict.fromkeys(("null", "nan", "inf", "NaN", "Infinity"))}
_ARRAYS = re.compile(r"(?:(?:np|numpy|torch)\.)?(?:array|tensor|float\d*|int\d*|list|tuple)")
"""What Python prints, or reads, otherwise than JSON."""
_SPACED = re.compile(r"(?<=[\d.\]n])\s+(?=[-\[\d.n])")
"""Between the numbers of arrays that numpy printed."""


def parsed(path: Path) -> tuple[Any, tuple[str, ...]]:
    """What a file of JSON holds, and sentences about it. Raises `ClipError`."""
    text = text_of(path)
    try:
        text = text[match.end() :] if (match := _BEFORE.match(text)) else text
        try:
            return _DECODER.decode(text.rstrip("; \r\n\t")), ()
        except ValueError:
            values, rest = _values(text)
            if len(values) < 2 and text.startswith("["):
                values, rest = _values(text[1:])
            rows = all(isinstance(value, dict | list) for value in values)
            rest = rest.strip("]; \r\n\t")
            # A program that was stopped while it wrote leaves half of what it began.
            half = sum(map(rest.count, "[{")) > sum(map(rest.count, "]}"))
            half &= not any(len(_values(line)[0]) for line in rest.splitlines()[1:])
            if len(values) > 1 and rows and (half or not rest):
                left = f"{path.name} ends within a frame: that is left aside."
                return values, (left,) if half else ()
            return logged(text) or _printed(text), ()
    except (ValueError, RecursionError, MemoryError, SyntaxError, TypeError) as error:
        raise ClipError(f"{path.name} is not JSON: it is damaged, or something else.") from error


_LOGGED = re.compile(r"\{\s*\".*|\[\s*[\[{\"].*")
"""Where JSON begins in a line of a log, behind its time and the like."""


def logged(text: str) -> list[Any]:
    """What the lines of a log hold that end with JSON, at least every second; else nothing."""
    lines = [line for line in text.splitlines() if line.strip()]
    told = [match[0] for line in lines if (match := _LOGGED.search(line))]
    if 2 * len(told) < len(lines):
        return []
    with suppress(ValueError):
        return [_DECODER.decode(own.strip()) for own in told]
    return []


_SENT = re.compile(r"[^,\s]+(,\S+)? ([^\s=]+=\S+) (\d+)")
_FIELD = re.compile(r"([^,=]+)=\"?([^,\"]+?)i?\"?(?=,|$)")
"""A line of InfluxDB: what was measured and its tags, fields, nanoseconds; and one of those."""


def sent(text: str) -> list[Any]:
    """What lines hold as InfluxDB has them: measurement,person=1 nose_x=0.5,frame=3i 17000000."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [m for m in takewhile(bool, map(_SENT.fullmatch, lines)) if m]
    if len(told) < len(lines):
        return []
    rows = [{**dict(_FIELD.findall(f"{m[1] or ''},{m[2]}")), "time": m[3]} for m in told]
    return [{k: number(v) if is_number(v) else v for k, v in row.items()} for row in rows]


def _values(text: str) -> tuple[list[Any], str]:
    """Values one after the other, with commas between or not, and the rest that is none."""
    out: list[Any] = []
    at = 0
    while True:
        at = match.end() if (match := _BETWEEN.match(text, at)) else at
        try:
            value, at = _DECODER.raw_decode(text, at)
        except ValueError:
            return out, text[at:]
        out.append(value)


def _printed(text: str) -> Any:
    """JSON, or what Python printed: quotes of one stroke, None, nan, commas at the end, arrays of
    numpy, objects of MediaPipe. Read, and never run. Raises ValueError and its like.
    """
    with suppress(ValueError):
        return _DECODER.decode(text)
    if text.lstrip().startswith("[") and "," not in text:
        text = _SPACED.sub(", ", text)
    try:
        return _value_of(ast.parse(text.strip(), mode="eval").body)
    except (ValueError, SyntaxError):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [_value_of(ast.parse(line, mode="eval").body) for line in lines]


def _value_of(node: ast.AST) -> Any:
    """A value as Python spells it: of a call its first argument, or else an object of its names."""
    match node:
        case ast.Constant(value=None | str() | int() | float() as value):
            return value
        case ast.List() | ast.Tuple():
            return [_value_of(own) for own in node.elts]
        case ast.Dict():
            keys = [_value_of(key) for key in node.keys if key]
            return dict(zip(keys, map(_value_of, node.values), strict=True))
        case ast.UnaryOp(op=ast.USub()):
            value = _value_of(node.operand)
            return None if value is None else -value
        case ast.Name() if node.id in _WORDS:
            return _WORDS[node.id]
        case ast.Call(args=[first, *_]) if _ARRAYS.fullmatch(ast.unparse(node.func)):
            return _value_of(first)
        case ast.Call(args=[]):
            return {str(own.arg): _value_of(own.value) for own in node.keywords}
    raise ValueError(ast.dump(node))


_TYPED = re.compile(r"[a-z]+Value|values|fields|[NSLM]|\$(?:number\w+|date)")
"""Under what Firestore, DynamoDB and MongoDB write a value."""
_MOMENT = re.compile(r"_?s(?:ec|ecs|econds), _?n(?:anos|anosec|anoseconds|sec|secs)")
"""What the two parts of a moment are called."""


def read_texts(value: Any) -> Any:
    """The same with numbers, lists and objects for texts that spell them, and for what databases
    write with its type: {"doubleValue": 1}, {"N": "1"}, {"$date": ...}; moments as seconds.
    """
    if isinstance(value, dict):
        own = {key: read_texts(inner) for key, inner in value.items() if key != "__datatype__"}
        if len(own) == 1 and (len(value) > 1 or _TYPED.fullmatch(str(*own))):
            (inner,) = own.values()
            return number(inner) if isinstance(inner, str) and is_number(inner) else inner
        if _MOMENT.fullmatch(", ".join(map(str, own))):
            return sum(float(v) * unit for v, unit in zip(own.values(), (1, 1e-9), strict=True))
        return own
    if isinstance(value, list):
        spelled = len(value) > 1 and all(isinstance(v, str) and is_number(v) for v in value)
        return [number(v) for v in value] if spelled else [read_texts(own) for own in value]
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        with suppress(ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            return read_texts(_printed(value.strip()))
    return value
