"""Whom or what money is for: a stay, a station, a doctor or a selection. A scheme's vocabulary names one of them."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from postdocs.models import Doctor, Selection, Stay
from stations.models import MainStation, Station

SUBJECTS: dict[str, type[models.Model]] = {
    "stay": Stay,
    "station": Station,
    "doctor": Doctor,
    "selection": Selection,
}
SUBJECT_WORDS = {
    "stay": (_("博士后（在站记录）"), _("进站、开题、中期、出站后给的")),
    "station": (_("工作站"), _("设站、首次招收、评为优秀后给的")),
    "doctor": (_("企业博士"), _("全职到岗、缴纳社保后给的")),
    "selection": (_("入选的人才和项目"), _("入选国家或省的计划后给的")),
}
SELECT = {  # what naming one of them takes
    "stay": ("stay__person", "stay__matter__organisation", "stay__matter__district"),
    "station": ("station__matter__organisation", "station__matter__district"),
    "doctor": ("doctor__person", "doctor__organisation", "doctor__district"),
    "selection": ("selection__stay__person", "selection__organisation", "selection__district"),
}
WITH_SUBJECT = tuple(path for paths in SELECT.values() for path in paths)

# The rows of a sweep are written in whatever order the database read them: who goes through them names one.
IN_ORDER = ("instalment_id", *(f"{name}_id" for name in SUBJECTS), "pk")

OWN = {"stay": "person__user", "doctor": "person__user", "selection": "stay__person__user"}  # whose they are


def reachable(name: str, user) -> models.QuerySet:
    """The subjects of a vocabulary that somebody may see, and what is about themselves."""
    rows: Any = SUBJECTS[name]._default_manager
    seen = rows.visible_to(user).order_by().values("pk")
    own = Q(**{OWN[name]: user}) if name in OWN else Q(pk__in=[])
    return rows.filter(Q(pk__in=seen) | own)


class OfSubject(models.Model):
    """A row about exactly one subject."""

    stay = models.ForeignKey(Stay, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    doctor = models.ForeignKey(Doctor, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    selection = models.ForeignKey(Selection, models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    class Meta:
        abstract = True

    @property
    def subject(self):
        return next(found for name in SUBJECTS if (found := getattr(self, name)) is not None)


def one_subject(name: str) -> models.CheckConstraint:
    """Exactly one of the four is there."""
    alone = (Q(**{f"{other}__isnull": other != one for other in SUBJECTS}) for one in SUBJECTS)
    whole = reduce(or_, alone)
    return models.CheckConstraint(
        name=f"{name}_of_one_subject", condition=whole, violation_error_message=_("须写明为谁：恰好一个对象。")
    )


def person_of(subject):
    """Whose money it is; None for a station, and for a project that nobody is named with."""
    if isinstance(subject, Selection):
        return subject.stay.person if subject.stay_id else None
    return getattr(subject, "person", None)


def organisation_of(subject):
    return subject.matter.organisation if hasattr(subject, "matter_id") else subject.organisation


def district_of(subject):
    return subject.matter.district if hasattr(subject, "matter_id") else subject.district


def main_station_of(subject, on: date) -> Station | None:
    """The park's main station that the subject's station belongs to on a day; None where none is on record."""
    station = subject if isinstance(subject, Station) else getattr(subject, "station", None)
    rows = MainStation.objects.filter(Q(until=None) | Q(until__gt=on), station=station, since__lte=on)
    found = rows.select_related("main__matter__organisation", "main__matter__district").first()
    return found.main if found else None
