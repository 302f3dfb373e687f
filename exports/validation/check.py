"""Every rule on every statistic of a package that is about to be written.

Belongs here: the order, and that no rule is left out. Does not belong here: any rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from exports.package import Contents
from exports.validation import (
    additivity,
    codes,
    coherence,
    completeness,
    difference,
    freshness,
    plausibility,
    values,
    withdrawn,
)
from exports.validation.cell import in_words
from exports.validation.finding import Finding
from exports.validation.rule import Result, Rule, rules
from exports.validation.view import View, views_of

_MODULES = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        additivity,
        codes,
        coherence,
        completeness,
        difference,
        freshness,
        plausibility,
        values,
        withdrawn,
    )
}


def validate(contents: Contents, cursor, earlier: Sequence[Path] = ()) -> tuple[Finding, ...]:
    """Look at the cells of a package before it is written, by every rule of rules.yaml.

    Args:
        contents: what the package would hold (its own findings are not read).
        cursor: the connection that has its cells and the release.
        earlier: folders of packages that the recipient has already.

    Returns:
        One finding for each rule and statistic, in the order of both: the same for the same
        release, request and earlier packages.

    Raises:
        NotAPackage: a folder of `earlier` is none.
    """
    views = views_of(contents, cursor, earlier)
    return tuple(
        rule.finding(view.code, _checked(rule)(view, rule.settings), _named(view))
        for view in views
        for rule in rules().values()
    )


def _named(view: View) -> Callable[[str, str], str]:
    return lambda name, lang: in_words(name, view.statistic, view.contents.codes, lang)


def _checked(rule: Rule) -> Callable[[View, dict], Result]:
    module, _, function = rule.check.partition(".")
    return getattr(_MODULES[module], function)
