"""Families, departments and places: what is written, which of ours it is, and what somebody must say."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from config.lib.departments import DEPARTMENTS
from procurement.enums import ChosenField
from procurement.imports.approximate import Names, bare
from procurement.imports.cells import Reading
from procurement.imports.choices import ChosenValue, value_key
from procurement.models import Buyer, Department, Family, Market


UNKNOWN_FAMILY = "Cette famille n’est pas connue : choisissez-la dans la liste."
NO_FAMILY = "Aucune famille ne convient : c’est ce que vous avez choisi pour cet acheteur."
NO_DEPARTMENT = "Aucun service ne convient : c’est ce que vous avez choisi pour cet acheteur."


# Places that a buyer writes often enough to be compared with; a plan seldom names a hundred.
_MOST_PLACES = 500


def places_of(buyer: Buyer, year: int) -> list[str]:
    """Where this buyer's markets happen, as its plans of this year and the last say, and the départements.

    A place that was itself in doubt is no model for another.
    """
    if not buyer.pk:
        return [*DEPARTMENTS.values()]
    kept = Market.objects.filter(plan__buyer=buyer, plan__year__in=(year - 1, year)).exclude(place="")
    places = Counter(
        place
        for place, marks in kept.values_list("place", "issues").order_by("pk")
        if not any(mark["field"] == "place" for mark in marks)
    )
    frequent = [place for place, _ in places.most_common(_MOST_PLACES)]
    return list(dict.fromkeys(filter(None, [buyer.city, *frequent, *DEPARTMENTS.values()])))


class Doubt(NamedTuple):
    """A value that somebody must confirm; `closest` is the known name that it resembles, if any."""

    field: str
    key: str
    written: str
    closest: str = ""


class Known:
    """What the values of one file are read against; gathers the doubts, and the choices that served."""

    def __init__(
        self,
        buyer: Buyer,
        families: Mapping[str, Family],
        departments: Iterable[Department],
        places: Iterable[str],
        chosen: Mapping[tuple[str, str], ChosenValue],
    ) -> None:
        self.buyer, self.families, self.chosen = buyer, families, chosen
        self.departments = {value_key(department.name): department for department in departments}
        self.new_departments: list[Department] = []
        self.doubts: dict[tuple[str, str], Doubt] = {}
        self.used: dict[tuple[str, str], ChosenValue] = {}
        self._by_pk = {department.pk: department for department in self.departments.values()}
        self._families_by_pk = {family.pk: family for family in families.values()}
        self._department_names = Names(department.name for department in self.departments.values())
        self._places = Names(places)
        self._place_texts = {bare(place).text for place in self._places}

    def family(self, written: str, found: Family | None) -> Reading:
        """`found` is the family that bears this name, this code or this CPV."""
        if found:
            return Reading(found)
        if choice := self._choice("family", written):
            family = self._families_by_pk.get(choice.family)
            return Reading(family, "" if family else NO_FAMILY)
        self._doubt("family", written)
        return Reading(reason=UNKNOWN_FAMILY)

    def department(self, written: str, doubt: str) -> Reading:
        """The department of this name; a new one, unless it looks like the misspelt name of one we have."""
        if choice := self._choice("department", written):
            department = self._by_pk.get(choice.department)
            return Reading(department, doubt if department else NO_DEPARTMENT)
        known = self.departments.get(value_key(written))
        if known:
            return Reading(known, doubt)
        if closest := self._department_names.closest(written):
            self._doubt("department", written, closest)
            return Reading(reason=f"Ressemble à « {closest} » : dites si c’est ce service, ou un nouveau.")
        return Reading(self._new_department(written), doubt)

    def place(self, written: str) -> Reading:
        """The place as it is written, with a doubt where it looks like a misspelt name."""
        if choice := self._choice("place", written):
            return Reading(choice.place or written)
        if bare(written).text in self._place_texts:
            return Reading(written)
        if closest := self._places.closest(written):
            self._doubt("place", written, closest)
            return Reading(written, f"Ressemble à « {closest} » : à confirmer.")
        return Reading(written)

    def names(self, field: str) -> dict[str, str]:
        """What may be chosen for a doubt: how it is told to us, how it is shown."""
        if field == ChosenField.FAMILY:
            return {family.code: family.label for family in self._families_by_pk.values()}
        names = self._department_names if field == ChosenField.DEPARTMENT else self._places
        return {name: name for name in names}

    def _choice(self, field: str, written: str) -> ChosenValue | None:
        place = (field, value_key(written))
        choice = self.chosen.get(place)
        if choice:
            self.used[place] = choice
        return choice

    def _doubt(self, field: str, written: str, closest: str = "") -> None:
        key = value_key(written)
        self.doubts.setdefault((field, key), Doubt(field, key, written, closest))

    def _new_department(self, name: str) -> Department:
        department = self.departments[value_key(name)] = Department(buyer=self.buyer, name=name)
        self.new_departments.append(department)
        return department
