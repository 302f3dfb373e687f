"""Making a package for the register: the only part that knows releases and statistics.

The engines behind it load when they are used: most of what one does at the desk makes no package.
Belongs here: what a request needs made, and making it. Does not belong here: who asked for it and
who may (production.py, review.py). Tests put an office of their own in this place.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from exports.commission import Commission
from exports.errors import ExportError
from exports.register.errors import ChangedPackage
from exports.register.request import Definition
from exports.register.texts import say
from exports.validation.finding import Finding

if TYPE_CHECKING:
    from release.reader import Release


@dataclass(frozen=True)
class Order:
    """What is to be made: the definition, for whom, from which release (None: the one that the
    definition asks for), with which packages known to the attacker.
    """

    definition: Definition
    commission: Commission
    release_id: str | None
    earlier: tuple[Path, ...]


@dataclass(frozen=True)
class Made:
    """A package that was written, and what the rules found."""

    folder: Path
    release_id: str
    findings: tuple[Finding, ...]


class Office(Protocol):
    """Who makes packages."""

    def statistics(self) -> Collection[str] | None:
        """Return the codes of the statistics that exist, as a mapping with the lengths of period by
        which each is counted where that is known; None where nobody knows any of it.
        """

    def examine(self, definition: Definition, due_on: date) -> Definition:
        """Return the definition in its right form; raise ExportError where it means nothing, or
        nobody can answer it by the day on which it is due.
        """

    def write(self, order: Order, out: Path) -> Made:
        """Write the package into a new folder under `out`, whole or not at all."""

    def objection(self, package: Path) -> str:
        """Return what `vigie verify` has against the packages that this one names; "" for
        nothing.
        """


class StatisticsOffice:
    """Packages of the releases of a data folder."""

    def __init__(self, home: Path, lang: str = "fr") -> None:
        self.home = home
        self.lang = lang
        # Sentences about statistics exist in the languages of packages.
        self._said_in = "nl" if lang == "nl" else "fr"

    def statistics(self) -> dict[str, frozenset[str]] | None:
        """Return the codes that the current release declares, before the first one those that the
        project does, with the lengths of period by which each is counted; None where a release
        cannot be read.
        """
        from exports.available import counted_by, declared_catalogue
        from exports.catalogue import load_catalogue
        from release.dictionary import read_dictionary
        from release.errors import NoReleaseError, ReleaseError
        from release.reader import open_release

        try:
            catalogue = load_catalogue(read_dictionary(open_release(self.home)))
        except NoReleaseError:
            catalogue = declared_catalogue()
        except ReleaseError:
            return None
        return {code: counted_by(one) for code, one in catalogue.items()}

    def examine(self, definition: Definition, due_on: date) -> Definition:
        """Return the definition with codes and period as the release writes them; before the first
        release, as the project declares them.
        """
        from exports.available import declared_catalogue, held_periods, require_possible
        from exports.catalogue import find_statistics, load_catalogue
        from exports.periods import parse_period
        from exports.profiles import find_profile
        from exports.texts import check_language, sentence
        from release.dictionary import read_dictionary
        from release.errors import NoReleaseError

        lang = self._said_in
        check_language(definition.lang)
        find_profile(definition.profile, lang)
        period = parse_period(definition.period, lang)
        try:
            release, none = self._release(definition, None), None
        except NoReleaseError as error:
            release, none = None, error
        catalogue = load_catalogue(read_dictionary(release)) if release else declared_catalogue()
        name = release.id if release else sentence("to_come", lang)
        found = find_statistics(catalogue, list(definition.codes), name, lang)
        held = held_periods(release.cursor(), found) if release else {}
        require_possible(found, held, period, due_on, lang)
        if none and definition.as_of:
            raise none
        codes = tuple(one.code for one in found)
        return replace(definition, codes=codes, period=period.text)

    def write(self, order: Order, out: Path) -> Made:
        """Write the package; the same order gives the same bytes."""
        from exports.answer import prepare, validated
        from exports.files import write_files

        definition = order.definition
        release = self._release(definition, order.release_id)
        contents, cursor = prepare(
            release,
            list(definition.codes),
            definition.period,
            profile=definition.profile,
            lang=definition.lang,
            earlier=order.earlier,
            commission=order.commission,
        )
        contents = validated(contents, cursor, order.earlier)
        package = write_files(contents, cursor, out, order.earlier, self.home)
        return Made(package.folder, release.id, contents.findings)

    def objection(self, package: Path) -> str:
        """Return the sentence of the check of the chain; "" where it finds nothing wrong."""
        from exports.verify.case import Case
        from exports.verify.check import WRONG, wrong
        from exports.verify.faults import of_package
        from exports.verify.origin import check_chain

        try:
            found = check_chain(Case(package.resolve(), self.home, self._said_in))
        except (ExportError, ValueError, LookupError, TypeError) as error:
            # Written by another version, say: `vigie verify` calls that wrong too.
            found = wrong("chain", "unreadable", reason=of_package(error, self._said_in))
        return found.sentence(self.lang) if found.state == WRONG else ""

    def _release(self, definition: Definition, release_id: str | None) -> "Release":
        from release.reader import open_release, standing

        if release_id is None:
            as_of = definition.as_of and date.fromisoformat(definition.as_of)
            return open_release(self.home, as_of or None)
        for one in standing(self.home):
            if one.id == release_id:
                return one
        raise ChangedPackage(say("release_gone", self.lang, release=release_id))
