"""What every page of an application begins with: finding it, who may do what, the frame around its parts."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate

from portal import claims
from portal.models import Role
from stations.applications import cases, lifecycle, papers, progress
from stations.behalf import actions as behalf
from stations.enterprises.views import handles
from stations.forms import CertifyForm, MoveForm
from stations.models import Application, ApplicationStatus
from stations.windows import openings as windows

S = ApplicationStatus


def found(request, number) -> Application:
    """The application, if this person may know of it."""
    return get_object_or_404(Application.objects.visible_to(request.user).for_page(request.user), matter__number=number)


def acts_for(request, application) -> bool:
    return application.matter.organisation_id in request.user.scope.organisations


def handled(request, number) -> Application:
    """The application, if this person is a handler of its very enterprise, or fills it in with its consent: seeing it
    in another role isn't enough."""
    application = found(request, number)
    if not fills_in(request.user, application):
        raise PermissionDenied(frozenset({Role.HANDLER}))
    return application


def fills_in(user, application) -> bool:
    return handles(user, application.matter.organisation_id) or behalf.may_fill(application, user)


def fills_now(request, case) -> bool:
    """What was sent back is an officer's case first; the page for filling in is asked for."""
    return case.status == S.DRAFT or "fill" in request.GET


def frame(request, case: Application, cards) -> dict:
    """What every page of a case shows an enterprise: who has it, whom to call, its steps."""
    chain = progress.chain_of(case, on=localdate())
    return {
        "application": case,
        "matter": case.matter,
        "cards": cards,
        "chain": chain,
        "stand": progress.standing(chain),
        "office": progress.office_for(case.matter),
        "is_handler": fills_in(request.user, case),
        "helping": not acts_for(request, case),
        "help": behalf.of(case),
        "may_ask": behalf.may_ask(case, request.user),
        "is_certifier": handles(request.user, case.matter.organisation_id, Role.CERTIFIER),
        "moves": move_forms(case, request.user),
        "promise": progress.promise_of(case, on=localdate()),
        "holding": claims.holding(case.matter, request.user),
        "stamped": cases.stamp_of(case),
        "form": CertifyForm(),
        "watched": case.watched,
        "papers": papers.names_of(case).items(),
        "opening": windows.of_type(case.type, localdate()) if case.status in (S.DRAFT, S.CERTIFYING) else None,
    }


def move_forms(case, user) -> list[tuple]:
    """The steps this person may take now, each with the form it needs; returning has a page of its own."""
    return [(step, MoveForm(step=step)) for step in lifecycle.application.possible(case, user) if not step.returns]
