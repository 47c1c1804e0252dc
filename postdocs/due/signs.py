"""Signs that a ground of withdrawal might be given: what a city's rules name, asked of one stay or of all. People decide."""

from collections import defaultdict
from datetime import date

from django.db.models import QuerySet

from portal.facts import Finding, WrongCriterion
from portal.models import Pack
from postdocs.due.models import Sign
from postdocs.stays.facts import stay as vocabulary
from postdocs.stays.models import INSIDE, Stay, WithdrawalGround


def criteria_of(signs: QuerySet[Sign]) -> dict[str, list]:
    """What a city takes for a sign, by ground."""
    found: dict[str, list] = defaultdict(list)
    for row in signs.select_related("clause__document").order_by("ground", "fact"):
        try:
            found[row.ground].append(vocabulary.criterion(row.fact, row.lookup, row.value, str(row.clause)))
        except WrongCriterion:  # a row edited past the check: no sign rather than no page
            continue
    return found


def signs_of(row: Stay, on: date) -> list[tuple[str, Finding]]:
    """The grounds that somebody should look at for one stay: label and what was found."""
    if row.status not in INSIDE:
        return []
    of_city = Sign.objects.filter(pack__root__down__node=row.matter.district_id)
    pairs = [(ground, question) for ground, questions in criteria_of(of_city).items() for question in questions]
    findings = vocabulary.findings(row, [question for _ground, question in pairs], on=on)
    return [
        (str(WithdrawalGround(ground).label), finding)
        for (ground, _question), finding in zip(pairs, findings, strict=True)
        if finding.met
    ]


def signed(stays, pack: Pack | None, on: date) -> dict[int, list[str]]:
    """The stays that show any sign, with their grounds."""
    named = {
        f"q{n}_{ground}": question
        for n, (ground, question) in enumerate(
            (g, q) for g, qs in criteria_of(Sign.objects.filter(pack=pack)).items() for q in qs
        )
    }
    if not named:
        return {}
    rows = stays.filter(status__in=INSIDE).order_by()
    found: dict[int, list[str]] = {}
    for row in vocabulary.verdicts(rows, named, on=on):
        grounds = sorted({name.rpartition("_")[2] for name in named if row[name]})
        if grounds:
            found[row["pk"]] = [str(WithdrawalGround(g).label) for g in grounds]
    return found
