"""The words of the tables: the people, whose rows they see, and what an address answers whom."""

from dataclasses import dataclass, field

# --- the people --------------------------------------------------------------------------------

UNIT = ("handler", "certifier", "other_unit")
HANDLERS = ("handler", "other_unit")
DISTRICTS = ("district", "other_district")
BUREAU = ("bureau_handler", "bureau_reviewer", "bureau_approver")
MAKERS = ("bureau_handler", "bureau_reviewer")
LENT = (*DISTRICTS, *BUREAU)
HELPERS = (*DISTRICTS, *MAKERS)  # with an enterprise's consent: tests/stations/test_behalf.py
FILL = (*HANDLERS, *HELPERS)
OFFICE = (*DISTRICTS, *BUREAU, "auditor")
CASEWORK = (*UNIT, *DISTRICTS, *BUREAU, "auditor")
FIGURES = (*DISTRICTS, *BUREAU, "reporter", "auditor")
BROKERS = (*HANDLERS, *DISTRICTS, *BUREAU)
IMPORTERS = (*HANDLERS, *DISTRICTS, *BUREAU)
OTHERS = ("finance_maker", "finance_checker", "security_admin", "audit_admin")
OFFICIALS = (*FIGURES, *OTHERS, "system_admin")
SIGNED_IN = (*UNIT, *OFFICIALS, "postdoc", "nobody")
PEOPLE = ("anonymous", *SIGNED_IN)

SEES = {
    "handler": "ADR",
    "certifier": "ADR",
    "other_unit": "B",
    "district": "AR",
    "other_district": "B",
    "bureau_handler": "ABR",
    "bureau_reviewer": "ABR",
    "bureau_approver": "ABR",
    "auditor": "ABR",
}
IN_THE_CITY = dict.fromkeys(SIGNED_IN, "A")  # rows of the city itself: settings, plans, chains
APPOINTED_BY = {"system_admin": "A"}

# --- the addresses -----------------------------------------------------------------------------


@dataclass
class Route:
    """`get` and `post` map people to what a row they may see answers; `shared`: the same for everybody.

    `kind` says which rows the address names: "case", "item" (of a return), "station", "unit", "pool", "office" (what
    concerns no enterprise that somebody acts for), "mine" (one's own or a colleague's), "city" (one's own city's or
    another's), "appointment", "invitation"; "" names none. `data` is what
    is posted. `kept`: people whose POST changes nothing, though it is answered; `locked`: rows it can't change now.
    `draft`: what a draft answers otherwise than a case that was handed in.
    """

    get: dict = field(default_factory=dict)
    post: dict = field(default_factory=dict)
    kind: str = ""
    args: object = None
    data: dict = field(default_factory=dict)
    kept: tuple = ()
    locked: str = ""
    draft: int = 0


def let(people, status):
    return dict.fromkeys(people, status)


def public(get, post=405, signed_in=None):
    """Open to anybody."""
    return {"anonymous": get} | let(SIGNED_IN, signed_in or get), {"anonymous": post} | let(SIGNED_IN, post)


def page(people, **values):
    """A page that is only read; a POST to it is answered like a GET and changes nothing."""
    return Route(let(people, 200), let(people, 200), kept=people, **values)


def button(people, post=302, **values):
    """Only pressed, never opened."""
    return Route(let(people, 405), let(people, post) if isinstance(post, int) else post, **values)


def read_by_unit():
    """A part of an application: the enterprise reads it, and only with its consent an office."""
    statuses = let(UNIT, 200) | let(HELPERS, 403)
    return statuses, statuses


FILLED = let(HANDLERS, 302) | let(HELPERS, 403)
JUDGED = {"verdict": "met", "note": ""}
PAPER = {"document": "测〔2026〕1号", "document_on": "2026-07-01", "note": "理由"}
FORM = {f"cancel-{name}": value for name, value in (PAPER | {"ground": "idle"}).items()}
NEW_PASSWORD = {"password1": "eine-lange-Nacht-7", "password2": "eine-lange-Nacht-7"}
