"""A sealed decision for who checks it: what it saw and who took it, whether it is untouched, what it would be today."""

import json

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from portal.facts import VOCABULARIES
from portal.models import Event
from portal.words import localised
from subsidies.accounts.models import PayeeAccount
from subsidies.claims import actions, lifecycle
from subsidies.claims.models import Claim, Decision
from subsidies.schemes.explain import State
from subsidies.schemes.models import Condition
from subsidies.schemes.told import digest

DUTIES = ("handle", "review", "approve")  # the three people of a decision, in their order
SUBJECT_FACTS = ("person", "organisation")  # keys of rows: whom it is about stands elsewhere
PURPOSES = dict(Condition.Purpose.choices)


def found(request, number) -> tuple[Claim, list[Decision], Decision]:
    """The claim, all its decisions, and the one asked for: as asked by `of`, else the newest. 404 where there is none."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user).for_page(), matter__number=number)
    rows = list(claim.decisions.select_related("by").order_by("-pk"))
    of = request.GET.get("of", "")
    chosen = next((d for d in rows if str(d.pk) == of), None) if of else next(iter(rows), None)
    if chosen is None:
        raise Http404
    return claim, rows, chosen


def decision(request, number):
    """The record, readable; whether it is as it was sealed; run once more on what is known now."""
    claim, rows, chosen = found(request, number)
    account = PayeeAccount.objects.filter(pk=chosen.data["account"]).first()
    context = {
        "claim": claim,
        "matter": claim.matter,
        "decision": chosen,
        "data": chosen.data,
        "others": [d for d in rows if d.pk != chosen.pk],
        "people": people_of(claim, rows, chosen),
        "facts": facts_of(claim, chosen),
        "findings": findings_of(claim, chosen),
        "account": account,
        "json_url": f"{reverse('subsidies:claim_decision_json', args=[number])}?of={chosen.pk}",
        "whole": digest(chosen.data) == chosen.digest,
        "differences": actions.rerun(claim, chosen),
    }
    return render(request, "subsidies/decision.html", context)


def download(request, number):
    """The record as it was sealed, with its digest, so that anybody can reckon it again."""
    claim, _rows, chosen = found(request, number)
    told = {"digest": chosen.digest, "by": str(chosen.by), "on": str(chosen.on), "data": chosen.data}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{claim.matter.number}-{chosen}.json"'
    response["Cache-Control"] = "no-store"
    return response


def people_of(claim: Claim, rows: list[Decision], chosen: Decision) -> list[tuple[str, Event]]:
    """Who reckoned, checked and approved it; of one that only names another account, those of the one it follows."""
    first, by_digest = chosen, {d.digest: d for d in rows}
    while (before := by_digest.get(first.data.get("follows", ""))) is not None:
        first = before
    events = [e for e in claim.matter.events.all() if e.action in DUTIES]
    end = next((n for n, e in enumerate(events) if e.details.get("decision") == first.digest), len(events) - 1)
    last = {e.action: e for e in events[: end + 1]}  # the last of each up to the approval
    return [(str(lifecycle.claim.said(last[action])), last[action]) for action in DUTIES if action in last]


def facts_of(claim: Claim, chosen: Decision) -> list[tuple[str, str]]:
    """(what, its value in words) of every fact that the decision saw."""
    words, facts = VOCABULARIES[claim.scheme.vocabulary], chosen.data["facts"]
    return [(words.label(name), words.said(name, value)) for name, value in facts.items() if name not in SUBJECT_FACTS]


def findings_of(claim: Claim, chosen: Decision) -> list[dict]:
    """Each finding with the title of its condition and its purpose in words; the sentence is the one that was sealed."""
    titles = {c.code: localised(c, "title") for c in claim.version.conditions.all()}
    return [
        {
            "title": "、".join(titles.get(code, code) for code in line["conditions"]),
            "purpose": PURPOSES[line["purpose"]],
            "state": State(line["state"]),
            "need": line["purpose"] == Condition.Purpose.NEED,
            "text": line["text"],
            "clause": line["clause"],
            "judged": next(
                (chosen.data["verdicts"][c] for c in line["conditions"] if c in chosen.data["verdicts"]), None
            ),
        }
        for line in chosen.data["findings"]
    ]
