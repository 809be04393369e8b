"""The tests of an exercise: each function `test_…` by itself, and in words why it did not pass."""

from __future__ import annotations

import ast
import inspect
import types
from typing import Any

from .output import Sink
from .traces import named, told

AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


async def test(tests: str, namespace: dict[str, Any], sink: Sink, *, fit: bool) -> list[dict[str, Any]]:
    try:
        tree = ast.parse(tests)
    except SyntaxError as error:
        where = f"SyntaxError: {error.msg} (line {error.lineno} of the tests)"
        return [{"name": "tests", "passed": False, "message": where}]
    found = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]
    failed = "" if fit else "not run, because the code ended with an error"
    file = named("tests.py", tests, namespace)
    if fit:
        namespace["__words__"] = _words
        worded = ast.fix_missing_locations(_Asserts(tests).visit(tree))
        failed = await _message(compile(worded, file, "exec", AWAIT, dont_inherit=True), namespace, sink)
    results = []
    for node in found:
        words = (ast.get_docstring(node) or node.name.removeprefix("test_").replace("_", " ")).strip().splitlines()[0]
        message = failed or await _message(namespace[node.name], namespace, sink)
        failed = failed or ("not run, because there was too much output" if sink.full else "")
        results.append({"name": words, "passed": not message, "message": message})
    return results


async def _message(work: Any, namespace: dict[str, Any], sink: Sink) -> str:
    """Why a test, or the text of all tests, did not pass; empty if it did."""
    try:
        result = eval(work, namespace) if isinstance(work, types.CodeType) else work()  # noqa: S307  (as above)
        if inspect.iscoroutine(result):
            await result
    except BaseException as error:
        if isinstance(error, AssertionError) and str(error):
            return str(error)
        kind, _, line = told(error, namespace, "demo.py")
        words = "the test's condition does not hold" if isinstance(error, AssertionError) else str(error)
        return f"{kind}: {words}" + (f" (line {line})" if line else "")
    finally:
        sink.flush()
    return ""


def _words(said: str, left: object) -> str:
    found = repr(left)
    return f"{said} does not hold: {found if len(found) <= 200 else f'{found[:200]}…'} was found on its left"


class _Asserts(ast.NodeTransformer):
    """Give an `assert left == right` without words of its own some that tell what was found."""

    def __init__(self, text: str) -> None:
        self._text = text

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        if node.msg or not isinstance(node.test, ast.Compare) or len(node.test.ops) > 1:
            return node
        said = ast.get_source_segment(self._text, node.test) or ""
        keep = ast.NamedExpr(ast.Name("__left__", ast.Store()), node.test.left)
        words = ast.parse(f"__words__({said!r}, __left__)", mode="eval").body
        changed = ast.Assert(ast.Compare(keep, node.test.ops, node.test.comparators), words)
        return ast.copy_location(changed, node)
