"""Every address × every role × whose row: what must come back, said here once more and apart from the code.

Three tables say it. ROUTES names each address with the kind of row it shows and, per method, who is let in and what
they get for a row they may see; everybody else gets 403, anonymous people the login. SEES says whose rows each person
may see, by the letters of `make.World`; any other row must look exactly like one that doesn't exist. An address
without a line here fails, and so does a line without an address.
"""

import copy
import hashlib
import io
import re
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils.timezone import localdate, now
from python_calamine import CalamineWorkbook

from portal.models import (
    Appointment,
    Batch,
    Evidence,
    File,
    Invitation,
    Job,
    Matter,
    Notice,
    ReturnItem,
    Role,
    Setting,
    Watch,
)
from portal.views import errors
from stations.models import Enterprise, IndustryChain
from tests import make

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

ROUTES = {
    # anybody
    "home": Route({"anonymous": 200} | let(SIGNED_IN, 302), {"anonymous": 200} | let(SIGNED_IN, 302)),
    "healthz": Route(*public(200)),
    "readyz": Route(*public(200)),
    "session": Route(*public(200)),
    "set_language": Route(*public(302, 302)),
    "login": Route({"anonymous": 200} | let(SIGNED_IN, 302), {"anonymous": 200} | let(SIGNED_IN, 302)),
    "password_reset": Route(*public(200, 200)),
    "password_reset_done": Route(*public(200)),
    "password_reset_confirm": Route(*public(200, 200), args=lambda row: ["eA", "set-password"]),
    "join": Route(*public(200, 302), kind="invitation", args=lambda row: [row.token], data=NEW_PASSWORD),
    "documents": Route(*public(200, 200)),
    "stations:registration": Route({"anonymous": 200} | let(SIGNED_IN, 302), {"anonymous": 422} | let(SIGNED_IN, 302)),
    "stations:waiting": Route(
        let(SIGNED_IN, 302), let(SIGNED_IN, 302)
    ),  # who waits: tests/stations/test_registrations.py
    "stations:registration_case": page(CASEWORK, kind="office", args=lambda row: [row.registration]),
    "stations:registration_move": Route(
        let(HELPERS, 200),
        let(HELPERS, 302),
        "office",
        lambda row: [row.registration, "refuse"],
        data={"refuse-note": "理由"},
    ),
    "stations:guide": Route(*public(200, 200)),
    "stations:guide_type": Route(*public(200, 200), args=lambda row: ["testcity", "national"]),
    "stations:guide_check": Route(*public(200, 200), args=lambda row: ["testcity", "national"]),
    "schema": Route(*public(200)),
    # one's own account
    "logout": button(SIGNED_IN),
    "account": page(SIGNED_IN),
    "password_change": page(SIGNED_IN),
    "totp": Route(let(SIGNED_IN, 200), let(SIGNED_IN, 200)),
    "verify": Route(let(SIGNED_IN, 302), let(SIGNED_IN, 302)),
    "absences": Route(let(LENT, 200), let(LENT, 422)),
    "absence_back": button(LENT, 404, args=lambda row: [10**9]),  # whose it is: tests/portal/test_absences.py
    "notices": page(SIGNED_IN),
    "reminders": Route(let(SIGNED_IN, 200), let(SIGNED_IN, 302)),
    "notices_read": button(SIGNED_IN),
    "notice_open": button(SIGNED_IN, kind="mine", args=lambda row: [row.notice]),
    "jobs": Route(let(SIGNED_IN, 200), let(SIGNED_IN, 405)),
    "job": Route(let(SIGNED_IN, 200), let(SIGNED_IN, 405), kind="mine", args=lambda row: [row.job]),
    "job_file": Route(let(SIGNED_IN, 404), let(SIGNED_IN, 405), kind="mine", args=lambda row: [row.job]),
    # matters
    "work": page(CASEWORK),
    "search": page(CASEWORK),
    "matter": Route(let(CASEWORK, 302), let(CASEWORK, 302), "case", lambda row: [row.number], kept=CASEWORK),
    "hand": button(  # who may take it in hand: tests/stations/test_casework.py
        CASEWORK, kind="case", args=lambda row: [row.number], data={"do": "nothing"}, kept=CASEWORK
    ),
    "present": Route(let(CASEWORK, 200), let(CASEWORK, 405), "case", lambda row: [row.number]),
    "watch": button(CASEWORK, kind="case", args=lambda row: [row.number]),
    "file": Route(let(CASEWORK, 200), let(CASEWORK, 405), "case", lambda row: [row.file]),
    "file_page": Route(let(CASEWORK, 200), let(CASEWORK, 405), "case", lambda row: [row.file, 1]),
    # the city's rules and people
    "officials": Route(let(["system_admin"], 200), let(["system_admin"], 422)),
    "official_end": button(["system_admin"], kind="appointment", args=lambda row: [row.appointment]),
    "settings": page(OFFICIALS),
    "setting": Route(
        let(OFFICIALS, 200),
        let(OFFICIALS, 404) | let(BUREAU, 302),
        kind="city",
        args=lambda row: [row.setting],
        data={"value": ["national"], "reason": "会议纪要"},
    ),
    "stations:chains": Route(let(OFFICIALS, 200), let(OFFICIALS, 200) | let(BUREAU, 422)),
    "stations:chain": Route(
        let(BUREAU, 200),
        let(BUREAU, 302),
        kind="city",
        args=lambda row: [row.chain],
        data={"name": "机器人和智能制造", "reason": "会议纪要"},
    ),
    # enterprises
    "stations:workbench": page(UNIT),
    "stations:own_enterprise": Route(let(UNIT, 200), let(HANDLERS, 302)),
    "stations:people": Route(
        let(UNIT, 200),
        let(HANDLERS, 200),
        data={"role": "certifier", "name": "新同事", "phone": "13911112222"},
    ),
    "stations:enterprise": page(CASEWORK, kind="unit", args=lambda row: [row.code]),
    # applications
    "stations:applications": page(CASEWORK),
    "stations:applications_export": page(CASEWORK),
    "stations:application_new": Route(let(HANDLERS, 200), let(HANDLERS, 404)),
    "stations:application": page(CASEWORK, kind="case", args=lambda row: [row.number]),
    "stations:application_section plan": Route(
        let(UNIT, 200) | let(HELPERS, 403),
        let(UNIT, 302) | let(HELPERS, 403),
        "case",
        lambda row: [row.number, "plan"],
        data={"supervisor": "张三", "supervisor_title": "正高级工程师"},
        kept=("certifier",),
        locked="AB",
    ),
    "stations:application_section profile": Route(
        let(UNIT, 200) | let(HELPERS, 403),
        let(UNIT, 302) | let(HELPERS, 403),
        "case",
        lambda row: [row.number, "profile"],
        data={"address": "测试路2号"},
        kept=("certifier",),
        locked="AB",
    ),
    "stations:application_section basic": Route(*read_by_unit(), "case", lambda row: [row.number, "basic"], kept=UNIT),
    "stations:application_section recommended": Route(
        *read_by_unit(), "case", lambda row: [row.number, "recommended"], kept=UNIT
    ),
    "stations:application_section check": Route(*read_by_unit(), "case", lambda row: [row.number, "check"], kept=UNIT),
    "stations:application_section nothing": Route(
        let((*UNIT, *HELPERS), 404), let((*UNIT, *HELPERS), 404), "case", lambda row: [row.number, "nothing"]
    ),
    "stations:application_answer": button(
        FILL,
        FILLED,
        kind="case",
        args=lambda row: [row.number, "basic-1"],
        data={"basic-1-claimed": "false", "basic-1-statement": "不符合"},
        locked="ABR",
    ),
    "stations:application_upload": button(
        FILL, FILLED, kind="case", args=lambda row: [row.number, "basic-2.proof"], locked="ABR"
    ),
    "stations:application_remove": button(
        FILL, FILLED, kind="case", args=lambda row: [row.number, row.evidence], locked="ABR"
    ),
    "stations:application_explain": button(
        FILL, FILLED, kind="item", args=lambda row: [row.number, row.item], data={"answer": "与合同一致"}
    ),
    "stations:application_certify": button(
        UNIT, kind="case", args=lambda row: [row.number], data={"truthful": "on"}, kept=HANDLERS, locked="AD"
    ),
    "stations:application_move": Route(
        let(CASEWORK, 403) | let(DISTRICTS, 200),
        let(CASEWORK, 403) | let(DISTRICTS, 302),
        "case",
        lambda row: [row.number, "refuse"],
        data={"refuse-note": "理由"},
        draft=302,
        locked="D",
    ),
    "stations:application_verdict": button(
        (*DISTRICTS, *BUREAU),
        let(DISTRICTS, 302) | let(BUREAU, 422),
        kind="case",
        args=lambda row: [row.number, "basic-1"],
        data=JUDGED,
        kept=BUREAU,
    ),
    "stations:application_return": Route(
        let(DISTRICTS, 200) | let(BUREAU, 403),
        let(DISTRICTS, 302) | let(BUREAU, 403),
        "case",
        lambda row: [row.number],
        data={"on-field:project": "on", "code-field:project": "R01", "note-field:project": "写明项目"},
    ),
    "stations:application_paper": page(CASEWORK, kind="case", args=lambda row: [row.number, "form"]),
    "stations:application_paper_file": page(CASEWORK, kind="case", args=lambda row: [row.number, "form"]),
    "stations:application_visit": Route(
        let(DISTRICTS, 200),
        let(DISTRICTS, 302),
        "case",
        lambda row: [row.number],
        data={"visited_on": "2026-06-01", "visitors": "甲", "findings": "属实"},
    ),
    "stations:application_copy": button(HANDLERS, 404, kind="case", args=lambda row: [row.number]),
    "stations:behalf": page(HELPERS),
    "stations:behalf_new": Route(let(HELPERS, 200), let(HELPERS, 422)),
    "stations:application_help": button(HANDLERS, kind="case", args=lambda row: [row.number], locked="AB"),
    "stations:application_helping": button(
        FILL, FILLED, kind="case", args=lambda row: [row.number, "end"], locked="ABDR"
    ),
    "stations:windows": Route(let(OFFICE, 200), let(OFFICE, 200) | let(BUREAU, 422), kept=OFFICE),
    "stations:window": Route(let(BUREAU, 404), let(BUREAU, 404), args=lambda row: ["nothing"]),
    "stations:window_strike": button(BUREAU, 404, args=lambda row: ["nothing"]),
    "stations:batch": Route(let(BUREAU, 200), let(BUREAU, 422)),
    **{
        f"stations:batch_summary{more}": Route(let(BUREAU, 404), let(BUREAU, 404))  # of nothing, nothing
        for more in ("", "_file", "_export")
    },
    # the register
    "stations:stations": page(CASEWORK),
    "stations:stations_export": page(CASEWORK),
    "stations:station": page(CASEWORK, kind="station", args=lambda row: [row.station]),
    "stations:station_move cancel": Route(
        let(BUREAU, 403) | {"bureau_approver": 200},
        let(BUREAU, 403) | {"bureau_approver": 302},
        "station",
        lambda row: [row.station, "cancel"],
        data=FORM,
    ),
    "stations:station_move upgrade": Route(  # comes by itself with the higher station
        let(BUREAU, 404), let(BUREAU, 404), "station", lambda row: [row.station, "upgrade"], data=FORM
    ),
    "stations:portrait": page(CASEWORK, kind="station", args=lambda row: [row.station]),
    "stations:portrait_export": page(CASEWORK, kind="station", args=lambda row: [row.station, "figures"]),
    "stations:branches": Route(  # of a main station only
        let(CASEWORK, 404), let(CASEWORK, 404), "station", lambda row: [row.station]
    ),
    "stations:branches_export": Route(let(CASEWORK, 404), let(CASEWORK, 404), "station", lambda row: [row.station]),
    "stations:studios": page(CASEWORK),
    "stations:studios_export": page(CASEWORK),
    # consultations
    "stations:talks": page(CASEWORK),
    "stations:talks_export": page(CASEWORK),
    "stations:talk_new": Route(let(BROKERS, 200), let(BROKERS, 422)),
    "stations:talk": page(CASEWORK, kind="demand", args=lambda row: [row.talk]),
    "stations:talk_minutes": button(BUREAU, 422, kind="demand", args=lambda row: [row.talk], kept=BUREAU),
    "stations:talk_move drop": Route(
        let(BROKERS, 403) | let(MAKERS, 200),
        let(BROKERS, 403) | let(MAKERS, 302),
        "demand",
        lambda row: [row.talk, "drop"],
        data={"drop-note": "理由"},
    ),
    # the reserve pool
    "stations:pool": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:pool_export": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:pool_candidates": Route(let(MAKERS, 200), let(MAKERS, 422)),
    "stations:pool_candidates_export": page(MAKERS),
    "stations:pool_new": Route(let(DISTRICTS, 200), let(DISTRICTS, 422)),
    "stations:own_pool": Route(let(UNIT, 302), let(HANDLERS, 422)),
    "stations:pool_entry": page(CASEWORK, kind="pool", args=lambda row: [row.entry]),
    "stations:pool_plan": button(
        (*DISTRICTS, *BUREAU),
        let(DISTRICTS, 302) | let(BUREAU, 302) | {"bureau_approver": 403},
        kind="pool",
        args=lambda row: [row.entry],
        data={"plan": "先补合作流动站"},
    ),
    "stations:pool_correct": button(
        HANDLERS, kind="pool", args=lambda row: [row.entry], data={"note": "已补充"}, locked="AB"
    ),
    "stations:pool_return": Route(
        let((*DISTRICTS, *BUREAU), 403), let((*DISTRICTS, *BUREAU), 403), "pool", lambda row: [row.entry]
    ),
    "stations:pool_verdict": button(
        (*DISTRICTS, *BUREAU),
        let(DISTRICTS, 302) | let(BUREAU, 302) | {"bureau_approver": 422},
        kind="pool",
        args=lambda row: [row.entry, "basic-1"],
        data=JUDGED,
        kept=("bureau_approver",),
    ),
    "stations:pool_done": button(
        (*HANDLERS, *DISTRICTS, *BUREAU),
        let((*HANDLERS, *DISTRICTS, *BUREAU), 302) | {"bureau_approver": 422},
        kind="pool",
        args=lambda row: [row.entry, row.measure],
        data={"done-done_on": "2026-06-02"},
        kept=("bureau_approver",),
    ),
    "stations:pool_move grade": Route(
        let(CASEWORK, 403) | let((*DISTRICTS, *BUREAU), 200) | {"bureau_approver": 403},
        let(CASEWORK, 403) | let((*DISTRICTS, *BUREAU), 302) | {"bureau_approver": 403},
        "pool",
        lambda row: [row.entry, "grade"],
        data={"grade-tier": "a", "grade-note": "补齐了"},
    ),
    "stations:pool_move resume": Route(  # comes by itself with the application
        let(CASEWORK, 404), let(CASEWORK, 404), "pool", lambda row: [row.entry, "resume"]
    ),
    # demands
    "stations:board": Route(*public(200, 200)),
    "stations:publicity": Route(*public(200, 200)),
    "stations:publicity_round": Route(*public(404, 404), args=lambda row: ["nothing"]),
    "stations:contacts": Route(*public(200, 200)),
    "stations:demands": page(CASEWORK),
    "stations:demands_export": page(CASEWORK),
    "stations:demand_new": Route(let(HANDLERS, 200), let(HANDLERS, 422)),
    "stations:demand": page(CASEWORK, kind="demand", args=lambda row: [row.demand]),
    "stations:demand_edit": Route(
        let(HANDLERS, 302), let(HANDLERS, 302), "demand", lambda row: [row.demand], data={"title": "改"}, locked="AB"
    ),
    "stations:demand_move take_down": Route(
        let(BROKERS, 200),
        let(BROKERS, 302),
        "demand",
        lambda row: [row.demand, "take_down"],
        data={"take_down-note": "理由"},
    ),
    "stations:demand_move talk": Route(  # follows from a match
        let(BROKERS, 404), let(BROKERS, 404), "demand", lambda row: [row.demand, "talk"]
    ),
    "stations:demand_propose": button(BROKERS, 422, kind="demand", args=lambda row: [row.demand], locked="AB"),
    "stations:matches": page(CASEWORK),
    "stations:matches_export": page(CASEWORK),
    "stations:match": page(CASEWORK, kind="demand", args=lambda row: [row.match]),
    "stations:match_contact": button(
        BROKERS,
        kind="demand",
        args=lambda row: [row.match],
        data={"on": "2026-06-01", "way": "call", "result": "谈过"},
    ),
    "stations:match_move end": Route(
        let(BROKERS, 200),
        let(BROKERS, 302),
        "demand",
        lambda row: [row.match, "end"],
        data={"end-note": "理由"},
    ),
    "stations:match_move lapse": Route(  # comes with its demand
        let(BROKERS, 404), let(BROKERS, 404), "demand", lambda row: [row.match, "lapse"]
    ),
    "stations:universities": page(CASEWORK),
    "stations:universities_export": page(CASEWORK),
    "stations:university_new": Route(let(BUREAU, 200), let(BUREAU, 422)),
    "stations:university": Route(
        let(CASEWORK, 200),
        let(CASEWORK, 200) | let(BUREAU, 302),
        "city",
        lambda row: [row.university],
        data={"discipline": "0811"},
        kept=(*UNIT, *DISTRICTS, "auditor"),
    ),
    "stations:university_edit": Route(
        let(BUREAU, 200),
        let(BUREAU, 302),
        "city",
        lambda row: [row.university],
        data={"name": "新名大学", "province": "江苏"},
    ),
    "stations:university_flow": Route(
        let(BUREAU, 200), let(BUREAU, 302), "city", lambda row: [row.flow], data={"discipline": "0811"}
    ),
    "stations:pairing": page(BUREAU),
    "stations:pairing_export": page(BUREAU),
    "stations:pairing_propose": Route(let(BUREAU, 405), let(BUREAU, 302), kept=BUREAU),  # no paper asks for one here
    "stations:pairing_line": button(BUREAU, kind="city", args=lambda row: [row.pairing], kept=BUREAU),
    "stations:coverage": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:coverage_export": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:station_rename": Route(
        let(BUREAU, 200),
        let(BUREAU, 302),
        "station",
        lambda row: [row.station],
        data={"name": "新站名", "document": "测〔2026〕1号", "since": "2026-07-01"},
    ),
    "stations:station_row": Route(
        let((*BUREAU, *DISTRICTS), 403) | let(HANDLERS, 200),
        let((*BUREAU, *DISTRICTS), 403) | let(HANDLERS, 302),
        "station",
        lambda row: [row.station, "supervisor"],
        data={"name": "张三", "title": "研究员", "field": "控制", "since": "2026-07-01"},
    ),
    "stations:station_row plate": Route(
        let(BUREAU, 200) | let((*HANDLERS, *DISTRICTS), 403),
        let(BUREAU, 302) | let((*HANDLERS, *DISTRICTS), 403),
        "station",
        lambda row: [row.station, "plate"],
        data={"since": "2026-07-01"},
    ),
    "stations:station_row_edit": Route(
        let((*BUREAU, *DISTRICTS), 403) | let(HANDLERS, 404),
        let((*BUREAU, *DISTRICTS), 403) | let(HANDLERS, 404),
        "station",
        lambda row: [row.station, "supervisor", 10**9],
    ),
    "stations:certificates": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:certificates_export": page((*DISTRICTS, *BUREAU, "auditor")),
    "stations:certificates_own": page(UNIT),
    "stations:enterprise_row": Route(
        let(HANDLERS, 200),
        let(HANDLERS, 302),
        args=lambda row: ["certificate"],
        data={"tag": "special", "number": "Z1", "since": "2026-07-01"},
    ),
    "stations:enterprise_row_edit": Route(
        let(HANDLERS, 404), let(HANDLERS, 404), args=lambda row: ["certificate", 10**9]
    ),
    "stations:happening": Route(
        let((*DISTRICTS, *BUREAU), 200),
        let((*DISTRICTS, *BUREAU), 302),
        "unit",
        lambda row: [row.code],
        data={"kind": "bankrupt", "on": "2026-07-01", "document": "破1号"},
    ),
    # workbooks
    "imports": page(IMPORTERS),
    "import_new": Route(
        let(IMPORTERS, 403) | let((*DISTRICTS, *BUREAU), 200),
        let(IMPORTERS, 403) | let((*DISTRICTS, *BUREAU), 422),
        args=lambda row: ["stations"],
    ),
    "import_new supervisors": Route(
        let(IMPORTERS, 403) | let(HANDLERS, 200),
        let(IMPORTERS, 403) | let(HANDLERS, 422),
        args=lambda row: ["supervisors"],
    ),
    "import_template": Route(
        let(IMPORTERS, 403) | let((*DISTRICTS, *BUREAU), 200), let(IMPORTERS, 405), args=lambda row: ["enterprises"]
    ),
    "import": page(IMPORTERS, kind="mine", args=lambda row: [row.batch]),
    "import_apply": button(
        IMPORTERS,
        let(HANDLERS, 403) | let((*DISTRICTS, *BUREAU), 302),
        kind="mine",
        args=lambda row: [row.batch],
        data={"choice": "right"},
    ),
    "import_undo": button(
        IMPORTERS,
        let(HANDLERS, 403) | let((*DISTRICTS, *BUREAU), 302),
        kind="mine",
        args=lambda row: [row.batch],
        kept=(*DISTRICTS, *BUREAU),
    ),
    "import_mistakes": Route(let(IMPORTERS, 404), let(IMPORTERS, 405), kind="mine", args=lambda row: [row.batch]),
    "stations:station_row recruits": Route(
        let((*BUREAU, *DISTRICTS, *HANDLERS), 200),
        let((*BUREAU, *DISTRICTS, *HANDLERS), 422),  # this year is told already
        "station",
        lambda row: [row.station, "recruits"],
        data={"year": "2026", "entered": "1", "source": "备案表"},
        kept=(*BUREAU, *DISTRICTS, *HANDLERS),
    ),
    "stations:recruits_confirm": button(
        (*DISTRICTS, *BUREAU), kind="station", args=lambda row: [row.station, row.recruits]
    ),
    # standing
    "stations:standing": page(OFFICE),
    "stations:standing_export": page(OFFICE),
    "stations:standing_open": Route(  # a case is under way
        let(BUREAU, 302), let(BUREAU, 302), "station", lambda row: [row.station, "idle"], kept=BUREAU
    ),
    "stations:standing_case": page(CASEWORK, kind="station", args=lambda row: [row.standing]),
    "stations:standing_move dismiss": Route(
        let(CASEWORK, 403) | let(BUREAU, 200),
        let(CASEWORK, 403) | let(BUREAU, 302),
        "station",
        lambda row: [row.standing, "dismiss"],
        data={"dismiss-note": "理由"},
    ),
    "stations:standing_move lapse": Route(  # comes with the end of the station
        let(CASEWORK, 404), let(CASEWORK, 404), "station", lambda row: [row.standing, "lapse"]
    ),
    "stations:standing_remedy": button(
        HANDLERS,
        kind="station",
        args=lambda row: [row.standing],
        data={"remedy-text": "招收一名", "remedy-due_on": "2030-01-01"},
    ),
    "stations:standing_done": button(HANDLERS, 422, kind="station", args=lambda row: [row.standing, row.remedy]),
    "stations:standing_opinion": button(
        DISTRICTS,
        kind="station",
        args=lambda row: [row.standing],
        data={"opinion-verdict": "yes", "opinion-note": "同意"},
    ),
    "stations:standing_paper": page(CASEWORK, kind="station", args=lambda row: [row.standing]),
    "stations:standing_paper_file": page(CASEWORK, kind="station", args=lambda row: [row.standing]),
    # evaluation
    "stations:evaluations": page(OFFICE),
    "stations:evaluation_new": Route(let(MAKERS, 200), let(MAKERS, 422)),
    "stations:evaluation": page(OFFICE, kind="city", args=lambda row: [row.round]),
    "stations:evaluation_export": page(OFFICE, kind="city", args=lambda row: [row.round]),
    "stations:objections": page((*BUREAU, "auditor"), kind="city", args=lambda row: [row.round]),
    "stations:objection_answer": button(BUREAU, 404, args=lambda row: ["nothing", 1]),
    "stations:evaluation_grades": button(MAKERS, 403, kind="city", args=lambda row: [row.round]),
    "stations:evaluation_move end_reports": Route(
        let(BUREAU, 403) | let(MAKERS, 200),
        let(BUREAU, 403) | let(MAKERS, 302),
        "city",
        lambda row: [row.round, "end_reports"],
    ),
    "stations:assessment": Route(
        let(CASEWORK, 200),
        let(CASEWORK, 302),
        "station",
        lambda row: [row.sheet],
        data={"recruits": "2", "recruits-note": "两人", "staff-note": "", "rules-note": ""},
        kept=("certifier", *DISTRICTS, *BUREAU, "auditor"),
    ),
    "stations:assessment_move exempt": Route(
        let(CASEWORK, 403) | let(MAKERS, 200),
        let(CASEWORK, 403) | let(MAKERS, 302),
        "station",
        lambda row: [row.sheet, "exempt"],
        data={"exempt-note": "理由"},
    ),
    "stations:assessment_return": Route(  # nothing has been handed in yet
        let((*DISTRICTS, *BUREAU), 403), let((*DISTRICTS, *BUREAU), 403), "station", lambda row: [row.sheet]
    ),
    "stations:assessment_upload": button(  # without a file
        HANDLERS, kind="station", args=lambda row: [row.sheet, "recruits"], kept=HANDLERS
    ),
    "stations:assessment_remove": button(HANDLERS, kind="station", args=lambda row: [row.sheet, row.paper]),
    "stations:assessment_explain": button(  # nothing was sent back
        HANDLERS, 404, kind="station", args=lambda row: [row.sheet, 10**9]
    ),
    "stations:assessment_refill": button(HANDLERS, kind="station", args=lambda row: [row.sheet]),
    # figures
    "targets:dashboard": page(FIGURES),
    "targets:plans": page(FIGURES),
    "targets:plan": page(FIGURES, kind="city", args=lambda row: [row.plan]),
    "targets:plan_export": page(FIGURES, kind="city", args=lambda row: [row.plan]),
    "targets:indicator": page(FIGURES, kind="city", args=lambda row: [row.plan, "I"]),
    "targets:indicator_export": page(FIGURES, kind="city", args=lambda row: [row.plan, "I"]),
    "targets:split": Route(
        let(BUREAU, 200), let(BUREAU, 302), "city", lambda row: [row.plan, "I"], data={"reason": "会议纪要"}
    ),
    # by program
    "api_application-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_application-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "case", lambda row: [row.number]),
    "api_station-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_station-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "station", lambda row: [row.station]),
    "api_pool-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_pool-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "pool", lambda row: [row.entry]),
    "api_demand-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_demand-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "demand", lambda row: [row.demand]),
    "api_match-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_match-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "demand", lambda row: [row.match]),
    "api_university-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_evaluation-list": Route(let(OFFICE, 200), let(OFFICE, 405)),
    "api_evaluation-detail": Route(let(OFFICE, 200), let(OFFICE, 405), "city", lambda row: [row.round]),
    "api_standing-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "station", lambda row: [row.standing]),
    "api_consultation-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "demand", lambda row: [row.talk]),
    "api_assessment-list": Route(let(CASEWORK, 200), let(CASEWORK, 405)),
    "api_assessment-detail": Route(let(CASEWORK, 200), let(CASEWORK, 405), "station", lambda row: [row.sheet]),
    **{
        f"api_{name}-list": Route(let(CASEWORK, 200), let(CASEWORK, 405))
        for name in (
            *("enterprise", "certificate", "research_organisation", "enterprise_event", "supervisor", "discipline"),
            *("partner", "manager", "salary", "plate", "main_station", "station_name"),
            *("recruit", "overseas_studio", "standing", "consultation", "window", "publicity"),
        )
    },
    "api_figures": Route(let(FIGURES, 200), let(FIGURES, 405), "city", lambda row: [row.plan]),
}
PUBLIC = {name for name, route in ROUTES.items() if "anonymous" in route.get}
BY_PROGRAM = {name for name in ROUTES if name.startswith("api_")}


def address_of(line: str) -> str:
    """The name of the address a line of ROUTES speaks of."""
    return line.partition(" ")[0]


def walked(resolver=None, space="") -> list:
    """Every address the portal answers: its name and its view."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found += walked(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            found.append((f"{space}{entry.name}", entry.callback))
    return found


def test_every_address_has_its_line_and_every_line_an_address():
    """A name is given once: of two addresses with one name, `reverse` would find, and we would try, only the last."""
    assert sorted(name for name, _view in walked()) == sorted({address_of(line) for line in ROUTES})


def test_every_role_is_asked():
    assert set(Role.values) <= set(PEOPLE)


def test_only_listed_addresses_are_open_to_everybody():
    assert len(PUBLIC) == 20
    open_by_code = {name for name, view in walked() if not getattr(view, "login_required", True)}
    assert open_by_code - BY_PROGRAM == PUBLIC  # those by program refuse with a status of their own


def test_only_the_api_is_free_of_csrf_tokens():
    exempt = {name for name, view in walked() if getattr(view, "csrf_exempt", False)}
    assert exempt == BY_PROGRAM | {"schema"}  # signed in by session, the API asks for one itself


# --- the world ---------------------------------------------------------------------------------

NOTHING = SimpleNamespace(
    number="TE-SZ-2026-9999",
    station="TE-WS-2026-9999",
    code=make.credit_code(9_999_999),
    file="00000000-0000-4000-8000-000000000000",
    evidence=10**9,
    item=10**9,
    entry="TE-CB-2026-9999",
    measure=10**9,
    setting="ZZ",
    chain="nothing",
    plan="none",
    demand="TE-XQ-2026-9999",
    match="TE-DJ-2026-9999",
    university=10**9,
    flow=10**9,
    pairing=10**9,
    round="TE-PG-2026-9999",
    sheet="TE-PB-2026-9999",
    paper=10**9,
    standing="TE-DT-2026-9999",
    remedy=10**9,
    recruits=10**9,
    talk="TE-HS-2026-9999",
    registration="TE-ZC-2026-9999",
)


def row_of(letter, world) -> SimpleNamespace:
    """What addresses name of one row."""
    case = world.cases[letter]
    item = ReturnItem.objects.filter(event__matter=case.matter).first()
    station = world.stations.get(letter)
    entry = world.entries.get(letter)
    cited = Evidence.objects.filter(matter=case.matter).latest("pk")
    demand, match = world.demands.get(letter), world.matches.get(letter)
    pairing = world.pairings.get(letter)
    sheet, standing = world.sheets.get(letter), world.standings.get(letter)
    return SimpleNamespace(
        number=case.matter.number,
        code=case.enterprise.organisation.code,
        file=cited.file_id,
        evidence=cited.pk,
        item=item.pk if item else NOTHING.item,
        station=station.matter.number if station else NOTHING.station,
        entry=entry.matter.number if entry else NOTHING.entry,
        measure=entry.measures.get().pk if entry else NOTHING.measure,
        plan=world.plans[letter].code if letter in world.plans else NOTHING.plan,
        setting={"A": "A2", "C": "B2"}.get(letter),
        chain={"A": "robotics", "C": "aviation"}.get(letter),
        demand=demand.matter.number if demand else NOTHING.demand,
        match=match.matter.number if match else NOTHING.match,
        university=pairing.university_id if pairing else NOTHING.university,
        flow=pairing.university.flows.get().pk if pairing else NOTHING.flow,
        pairing=pairing.pk if pairing else NOTHING.pairing,
        round=world.rounds[letter].matter.number if letter in world.rounds else NOTHING.round,
        sheet=sheet.matter.number if sheet else NOTHING.sheet,
        paper=sheet.matter.evidence.get().pk if sheet else NOTHING.paper,
        standing=standing.matter.number if standing else NOTHING.standing,
        remedy=standing.remedies.get().pk if standing else NOTHING.remedy,
        recruits=station.recruits.get().pk if station else NOTHING.recruits,
        talk=world.talks[letter].matter.number if letter in world.talks else NOTHING.talk,
        registration=world.registrations[letter].matter.number
        if letter in world.registrations
        else NOTHING.registration,
    )


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        world = make.world()
        elsewhere = world.cases["C"].type.pack
        IndustryChain.objects.filter(pack=elsewhere).update(code="aviation")
        Setting.objects.filter(pack=elsewhere, code="A2").update(code="B2")
        rows = {letter: row_of(letter, world) for letter in world.cases} | {"-": NOTHING}
        people = {str(name): user for name, user in world.who.items()}
        people = {name: people[name] for name in SIGNED_IN}
        Notice.objects.all().delete()
        personal = {name: own_rows(user) for name, user in people.items()}
        yield SimpleNamespace(world=world, rows=rows, people=people, personal=personal)
        transaction.set_rollback(True)


def own_rows(user):
    notice = Notice.objects.create(user=user, text="x")
    batch = Batch.objects.create(
        kind="stations", name="x.xlsx", content="imports/none", by=user, state="ready",
        counts={"new": 1, "changed": 0, "same": 0, "wrong": 0, "double": 0},
        head={"row": 1, "rows": 1, "names": [], "labels": [], "unused": [], "sheet": "x", "others": []},
    )  # fmt: skip
    job = Job.objects.create(kind="recompute", asked_by=user)
    return SimpleNamespace(notice=notice.pk, job=job.pk, batch=batch.pk)


@pytest.fixture
def stage(built, db):
    """The world, built once; what a test does to it is taken back after the test."""
    return built


@pytest.fixture
def as_a(stage):
    """A browser in which this person is signed in; the cache and the connection are the test's."""

    def sign_in(name):
        client = Client(raise_request_exception=True)
        if name != "anonymous":
            user = type(stage.people[name]).objects.get(pk=stage.people[name].pk)
            client.force_login(user, "portal.accounts.Backend")
            client.get(reverse("session"))  # notes in the session that its owner was seen, once and not at each request
        return client

    return sign_in


# --- asking ------------------------------------------------------------------------------------

WATCHED = (
    *("portal_matter", "portal_event", "portal_spell", "portal_revision", "portal_returnitem", "portal_confirmation"),
    *("portal_evidence", "portal_file", "portal_organisation", "portal_appointment", "portal_invitation"),
    *("portal_setting", "portal_amendment", "portal_watch", "portal_notice", "portal_job", "portal_user"),
    *("portal_batch", "targets_target", "targets_reading"),
    *("stations_enterprise", "stations_certificate", "stations_enterpriseevent", "stations_industrychain"),
    *("stations_application", "stations_answer", "stations_sitevisit"),
    *("stations_station", "stations_stationname", "stations_supervisor", "stations_plate"),
    *("stations_poolentry", "stations_poolground", "stations_measure"),
    *("stations_demand", "stations_match", "stations_contact", "stations_pairing"),
    *("stations_university", "stations_flowstation"),
    *("stations_evaluation", "stations_sheet", "stations_line", "stations_honour"),
    *("stations_recruits", "stations_standingcase", "stations_remedy"),
    *("targets_target", "targets_reading"),
    *("stations_demand", "stations_match", "stations_contact", "stations_university", "stations_flowstation"),
    *("stations_pairing", "targets_target", "targets_reading"),
    *("stations_consultation", "stations_consultation_participants", "stations_overseasstudio"),
    "stations_registration",
)
ROWS = "SELECT " + ", ".join(f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {x} t)" for x in WATCHED)


def state_of_the_rows():
    """A fingerprint of every row that a request might change."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        return dict(zip(WATCHED, cursor.fetchone(), strict=True))


TYPED = {"csrfmiddlewaretoken": "x"}  # what every form sends beside its fields


def ask(client, method, url, data, *, still):
    """The answer and whether it left all rows as they were, if `still` says how that was; whatever it wrote, cookies
    too, is taken back."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        if method == "post":
            files = {"file": make.upload()} if url.endswith(".proof/") else {}
            answer = client.post(url, TYPED | data | files)
        else:
            answer = getattr(client, method)(url)
        content = b"".join(answer) if answer.streaming else answer.content.replace(url.encode(), b"")
        unchanged = method == "get" or not still or state_of_the_rows() == still
        transaction.set_rollback(True)
    client.cookies = cookies
    return SimpleNamespace(
        status=answer.status_code, length=len(content), to=answer.headers.get("Location"), unchanged=unchanged
    )


def expected(name, route, method, person, sees) -> int:
    """The status this person must get for a row they may see (`sees`) or may not."""
    allowed = route.get if method == "get" else route.post
    if person not in allowed:
        if person == "anonymous":
            return 403 if name in BY_PROGRAM else 302 if method == "get" else 401
        return 403
    status = allowed[person]
    return status if sees or status == 405 else 404


def rows_for(route, person, stage) -> dict[str, tuple[bool, object]]:
    """The rows to try, each with whether the person may see it."""
    rows, kind = stage.rows, route.kind
    if kind in ("case", "item", "station", "unit", "pool", "demand", "office"):
        own = "" if kind == "office" and person in UNIT else SEES.get(person, "")
        letters = {"case": "ABCD-", "item": "RB-"}.get(kind, "ABC-")
        return {letter: (letter in own and not (kind == "item" and letter != "R"), rows[letter]) for letter in letters}
    if kind == "city":
        return {letter: (letter == "A", rows[letter]) for letter in "AC-"}
    if kind == "mine":
        other = "auditor" if person != "auditor" else "nobody"
        gone = SimpleNamespace(notice=10**9, job=10**9, batch=10**9)
        mine = stage.personal.get(person, gone)
        return {"own": (True, mine), "another's": (False, stage.personal[other]), "-": (False, gone)}
    if kind == "appointment":
        here, there = stage.people["auditor"], stage.world.cases["C"].matter.district.up.first()
        elsewhere = Appointment.objects.filter(district=stage.world.plans["C"].pack.root).first()
        assert there
        return {
            "own": (True, SimpleNamespace(appointment=here.appointments.get().pk)),
            "other city": (False, SimpleNamespace(appointment=elsewhere.pk)),
            "-": (False, SimpleNamespace(appointment=10**9)),
        }
    if kind == "invitation":
        token = "a" * 32
        Invitation.objects.get_or_create(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            defaults={
                "organisation": stage.world.city.enterprise.organisation,
                "role": Role.HANDLER,
                "name": "新同事",
                "phone": "13922223333",
                "invited_by": stage.people["handler"],
                "expires_at": now() + timedelta(1),
            },
        )
        return {"own": (True, SimpleNamespace(token=token)), "-": (False, SimpleNamespace(token="b" * 32))}
    return {"": (True, None)}


def bare(request, template, context=None, *, status):
    return HttpResponse(status=status) if status in (403, 404) else render(request, template, context, status=status)


def tried(person, stage, as_a):
    """What went otherwise than the tables say, one sentence each."""
    client, faults = as_a(person), []
    still = state_of_the_rows()
    for name, route in ROUTES.items():
        rows = rows_for(route, person, stage)
        if route.kind == "invitation":  # its row is made on asking
            still = state_of_the_rows()
        for method in ("get", "post"):
            allowed = person in (route.get if method == "get" else route.post)
            answers, read = {}, 0
            for letter, (sees, row) in rows.items():
                if not allowed and letter not in ("A", "R", "own", "", "-"):
                    continue
                if method == "post" and sees and person in route.kept and route.post[person] == 200:
                    read += 1  # a page that is only read answers as to GET: once is enough
                    if read > 1:
                        continue
                args = route.args(row) if route.args else []
                cell, due = f"{method} {name} {letter}", expected(name, route, method, person, sees)
                if letter == "D" and sees and allowed and route.draft:
                    due = route.draft
                keeps = due >= 400 or (letter and letter in route.locked) or person in route.kept
                answer = ask(client, method, reverse(address_of(name), args=args), route.data, still=keeps and still)
                if answer.status != due:
                    faults.append(f"{cell}: {answer.status}, not {due}")
                if keeps and not answer.unchanged:
                    faults.append(f"{cell}: refused, and yet rows changed")
                if not sees:
                    answers[letter] = (answer.status, answer.length, (answer.to or "").split("?")[0] if allowed else "")
            if len(set(answers.values())) > 1 and allowed:
                faults.append(f"{method} {name}: a foreign row can be told from none: {answers}")
    return faults


@pytest.mark.parametrize("person", PEOPLE)
def test_each_address_answers_as_the_table_says(person, stage, as_a, monkeypatch):
    """Thousands of times 403 and 404: how these pages look is a matter of tests/portal/test_errors.py, and they are
    told nothing of the row."""
    monkeypatch.setattr(errors, "render", bare)
    faults = tried(person, stage, as_a)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("person", ["handler", "district", "bureau_approver", "finance_maker", "nobody"])
def test_the_api_only_reads(person, stage, as_a):
    client = as_a(person)
    still = state_of_the_rows()
    for name in BY_PROGRAM:
        route = ROUTES[name]
        url = reverse(name, args=route.args(stage.rows["A"]) if route.args else [])
        for method in ("put", "patch", "delete"):
            answer = ask(client, method, url, {}, still=still)
            assert (name, method, answer.status) == (name, method, 405 if person in route.get else 403)
            assert answer.unchanged


# --- every way out of the database shows the same rows ------------------------------------------

# Who sees which matters, in plain SQL over appointments and the tree of districts; nothing of the code is used.
ORACLE = """
WITH RECURSIVE mine AS (
    SELECT role, organisation_id, district_id FROM portal_appointment
    WHERE user_id = %(user)s AND since <= %(on)s AND (until IS NULL OR until > %(on)s)
), reach AS (
    SELECT district_id AS id FROM mine
    WHERE role IN ('district', 'bureau_handler', 'bureau_reviewer', 'bureau_approver', 'auditor')
    UNION SELECT d.id FROM portal_district d JOIN reach ON d.parent_id = reach.id
), own AS (
    SELECT organisation_id AS id FROM mine WHERE role IN ('handler', 'certifier')
), seen AS (
    SELECT m.* FROM portal_matter m
    WHERE m.organisation_id IN (SELECT id FROM own)
       OR m.filed_on IS NOT NULL AND m.district_id IN (SELECT id FROM reach)
)
"""
MATTERS = ORACLE + "SELECT number FROM seen WHERE kind = %(kind)s"
TO_DO = (
    ORACLE
    + """
SELECT number FROM seen WHERE closed_on IS NULL AND (
    holder IN (SELECT role FROM mine WHERE organisation_id = seen.organisation_id AND role IN ('handler', 'certifier'))
    OR EXISTS (
        WITH RECURSIVE down AS (
            SELECT district_id AS id FROM mine WHERE role = seen.holder AND role NOT IN ('handler', 'certifier')
            UNION SELECT d.id FROM portal_district d JOIN down ON d.parent_id = down.id
        ) SELECT 1 FROM down WHERE down.id = seen.district_id
    )
)"""
)
FILES = (
    ORACLE
    + """
SELECT f.id FROM portal_file f WHERE f.organisation_id IN (SELECT id FROM own)
    OR EXISTS (SELECT 1 FROM portal_evidence e JOIN seen ON seen.id = e.matter_id WHERE e.file_id = f.id)"""
)
UNITS = (
    ORACLE
    + """
SELECT o.code FROM stations_enterprise e JOIN portal_organisation o ON o.id = e.organisation_id
WHERE o.id IN (SELECT id FROM own) OR o.district_id IN (SELECT id FROM reach)"""
)
LEAVES = (
    ORACLE
    + """
SELECT id::text FROM reach WHERE NOT EXISTS (SELECT 1 FROM portal_district d WHERE d.parent_id = reach.id)"""
)


def told_by(query, user, **values) -> set:
    with connection.cursor() as cursor:
        cursor.execute(query, {"user": user.pk, "on": localdate(), **values})
        return {row[0] for row in cursor.fetchall()}


def numbers_in(answer, series) -> set:
    return set(re.findall(rf"[A-Z]{{2}}-{series}-\d{{4}}-\d{{4}}", answer.content.decode()))


def sheet_of(answer) -> list[list]:
    """The rows of an exported workbook below its head."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)[4:]


def api_numbers(client, url) -> set:
    return {row["number"] for row in client.get(url).json()["results"]}


@pytest.fixture
def someone(stage, as_a):
    """Signs a person of the stage in, or one whose appointments are out of the ordinary; gives browser and person."""
    world, here = stage.world, stage.world.city
    today = localdate()

    def sign_in(name):
        if name in stage.people:
            return as_a(name), stage.people[name]
        if name == "handler there, officer here":
            user = make.user(Role.HANDLER, organisation=world.cases["B"].enterprise.organisation)
            Appointment.objects.create(user=user, role=Role.DISTRICT, district=here.north, since=make.ON)
        else:
            user = make.user()
            since, until = {"until today": (make.ON, today), "from tomorrow": (today + timedelta(1), None)}[name]
            Appointment.objects.create(
                user=user, role=Role.BUREAU_HANDLER, district=here.root, since=since, until=until
            )
        client = Client()
        client.force_login(user, "portal.accounts.Backend")
        return client, user

    return sign_in


SEEING = [*UNIT, "certifier", *DISTRICTS, "bureau_handler", "auditor", "handler there, officer here"]


@pytest.mark.parametrize("person", dict.fromkeys(SEEING))
def test_every_way_out_shows_the_same_matters(person, stage, someone):
    client, user = someone(person)
    stage_matters = Matter.objects.all()
    Watch.objects.bulk_create(Watch(user=user, matter=m) for m in stage_matters)
    for kind, series in (("application", "SZ"), ("station", "WS")):
        due = told_by(MATTERS, user, kind=kind)
        assert due, "a test of nothing"
        listed, search = client.get(f"/{kind}s/"), client.get("/search/", {"q": series})
        assert numbers_in(listed, series) == due
        assert listed.context["page"].paginator.count == len(due)
        assert {row[0] for row in sheet_of(client.get(f"/{kind}s/export/"))} == due
        assert api_numbers(client, f"/api/v1/{kind}s/") == due
        assert numbers_in(search, series) == due
        assert search.context["page"].paginator.count == len(due)
        assert numbers_in(client.get("/work/", {"box": "watched", "kind": kind}), series) == due
        every = {m.number for m in stage_matters if m.kind == kind}
        assert {n for n in every if client.get(f"/{kind}s/{n}/").status_code == 200} == due
        assert {n for n in every if client.get(f"/matters/{n}/").status_code == 302} == due
        assert {n for n in every if client.get(f"/api/v1/{kind}s/{n}/").status_code == 200} == due


@pytest.mark.parametrize("person", dict.fromkeys(SEEING))
def test_work_files_units_and_choices_end_at_the_same_border(person, stage, someone):
    client, user = someone(person)
    to_do = client.get("/work/")
    assert {row.matter.number for row in to_do.context["rows"]} == told_by(TO_DO, user)
    assert next(n["count"] for n in to_do.context["nav"] if n["count"] is not None) == len(told_by(TO_DO, user))

    every = set(File.objects.values_list("pk", flat=True))
    assert {pk for pk in every if opened(client.get(f"/files/{pk}/"))} == told_by(FILES, user)

    codes = set(Enterprise.objects.values_list("organisation__code", flat=True))
    assert {c for c in codes if client.get(f"/enterprises/{c}/").status_code == 200} == told_by(UNITS, user)

    choices = client.get("/applications/").context["filter"].form.fields["district"].queryset
    assert {str(d.pk) for d in choices} == told_by(LEAVES, user)


def opened(answer) -> bool:
    return answer.status_code == 200 and b"".join(answer).startswith(b"%PDF-")


def test_the_page_of_an_enterprise_names_only_its_cases_that_one_may_see(stage, someone):
    client, user = someone("district")
    page = client.get(f"/enterprises/{stage.world.city.enterprise.organisation.code}/")
    due = told_by(MATTERS, user, kind="application")
    assert numbers_in(page, "SZ") == due
    assert stage.world.cases["D"].matter.number not in due


@pytest.mark.parametrize("person", ["until today", "from tomorrow", "nobody"])
def test_rights_begin_and_end_with_their_day(person, stage, someone):
    client, user = someone(person)
    assert told_by(MATTERS, user, kind="application") == set()
    for url in ("/work/", "/applications/", "/stations/", "/targets/", "/search/?q=SZ"):
        assert client.get(url).status_code == 403
    assert client.get("/api/v1/applications/").status_code == 403


def test_a_role_that_is_taken_away_is_gone_on_the_next_click(stage, someone):
    client, user = someone("district")
    assert client.get("/work/").status_code == 200
    user.appointments.update(until=localdate())
    assert client.get("/work/").status_code == 403


def test_a_foreign_district_in_the_address_finds_nothing_more(stage, someone):
    client, user = someone("district")
    south, due = stage.world.city.south, told_by(MATTERS, user, kind="application")
    assert numbers_in(client.get("/applications/", {"district": south.pk}), "SZ") == due
    assert client.get("/api/v1/applications/", {"district": south.pk}).status_code == 400
    assert client.get("/targets/", {"district": south.code}).status_code == 404
    assert client.get("/targets/plan/I/", {"district": stage.world.city.root.code}).status_code == 404


def test_being_a_handler_elsewhere_does_not_open_a_case_that_one_sees_as_an_officer(stage, someone):
    client, _user = someone("handler there, officer here")
    row, still = stage.rows["R"], state_of_the_rows()
    number = row.number
    for url, data in (
        (reverse("stations:application_answer", args=[number, "basic-1"]), {"basic-1-claimed": "false"}),
        (reverse("stations:application_upload", args=[number, "basic-1.proof"]), {"file": make.upload()}),
        (reverse("stations:application_remove", args=[number, row.evidence]), {}),
        (reverse("stations:application_explain", args=[number, row.item]), {"answer": "x"}),
        (reverse("stations:application_section", args=[number, "plan"]), {"project": "x"}),
    ):
        assert client.post(url, data).status_code == 403
        assert state_of_the_rows() == still


@pytest.mark.parametrize("person", ["district", "bureau_handler", "auditor"])
def test_a_number_opens_into_the_records_one_may_see(person, stage, someone):
    client, user = someone(person)
    page = client.get("/targets/plan/I/")
    due = told_by(MATTERS, user, kind="station")
    assert numbers_in(page, "WS") == due
    assert len(sheet_of(client.get("/targets/plan/I/export/"))) == len(due)


def test_a_reporter_sees_figures_but_no_records(stage, someone):
    client, _user = someone("reporter")
    assert numbers_in(client.get("/targets/plan/I/"), "WS") == set()
    assert sheet_of(client.get("/targets/plan/I/export/")) == []


def test_who_follows_a_case_is_told_only_as_long_as_they_may_see_it(stage):
    world, who = stage.world, stage.world.who
    case = world.cases["A"]
    gone, stays = make.user(), who[Role.AUDITOR]
    for user in (gone, stays):
        Watch.objects.create(user=user, matter=case.matter)
    make.step(case, "recommend", who)
    assert not Notice.objects.filter(user=gone).exists()
    assert Notice.objects.filter(user=stays, matter=case.matter).count() == 1
