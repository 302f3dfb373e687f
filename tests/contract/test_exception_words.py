"""No sentence of the statistics desk holds what a library says of its own insides.

An exception that is not ours speaks English, of parsers and tables of its own: `exports/faults.py`,
`exports/verify/faults.py` and `exports/register/database.py` say in our words what it means. Looked
for: the text of a caught exception, wherever a handler makes one of it.
"""

import ast
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
#: Where the text is that of an exception of ours, or is compared and not shown.
ALLOWED = {
    # Its text is the name of the file that is missing.
    ("exports/verify/verdict.py", "MissingFigures"),
    # Its text is the cell whose equation does not hold.
    ("exports/protection/request.py", "BrokenEquation"),
    # Looks in it for what the system said; never shown.
    ("exports/package.py", "(OSError, duckdb.Error)"),
}
#: Attributes of exceptions that hold words of whoever raised them.
WORDS = {"args", "strerror", "problem", "msg", "reason", "orig"}


def spoken(handler: ast.ExceptHandler) -> bool:
    """Whether a handler makes text of its exception, or hands it to a sentence as it is."""

    def is_it(node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id == handler.name

    for node in ast.walk(handler):
        if isinstance(node, ast.FormattedValue) and is_it(node.value):
            return True
        if isinstance(node, ast.Attribute) and is_it(node.value) and node.attr in WORDS:
            return True
        if isinstance(node, ast.Call):
            made = isinstance(node.func, ast.Name) and node.func.id in ("str", "repr", "getattr")
            if made and any(map(is_it, node.args)):
                return True
            if any(is_it(one.value) for one in node.keywords):
                return True
    return False


def handlers(source: str) -> list[ast.ExceptHandler]:
    return [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.ExceptHandler)]


def test_no_sentence_holds_the_words_of_a_library():
    found = {
        (file.relative_to(PROJECT).as_posix(), ast.unparse(one.type) if one.type else "")
        for file in sorted((PROJECT / "exports").rglob("*.py"))
        for one in handlers(file.read_text(encoding="utf-8"))
        if one.name and spoken(one)
    }
    assert found - ALLOWED == set()


def test_the_ways_in_which_words_were_taken_over_are_seen():
    for taken in (
        "say('x', reason=error)",
        "reason = str(error).splitlines()[0]",
        "reason = error.strerror or ''",
        "detail = f'{where}: {error}'",
        "str(getattr(error, 'orig', None))",
    ):
        (one,) = handlers(f"try:\n    pass\nexcept ValueError as error:\n    {taken}\n")
        assert spoken(one), taken
    (one,) = handlers("try:\n    pass\nexcept ValueError as error:\n    raise Own() from error\n")
    assert not spoken(one)
