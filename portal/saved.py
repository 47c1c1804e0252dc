"""Saved views: the filters of any list, under a name of one's own; one of a list may be how it opens.

A list is known by its address and its filters by what stands behind the question mark, so every list has views without
doing anything for it. They come with whoever asks (`accounts.Backend`): no page asks the database for them.
"""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Func, JSONField
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from portal.lifecycle import Refused
from portal.models import SavedView, User

MOST = 20  # views of one list that a person keeps
WHOLE = "all"  # asked for with a list, it opens without its default
NO_FILTERS = ("page", WHOLE)


class Views(Func):
    """A user's views, as a column of the user; None where there are none. Every request asks for it, and Django takes
    ten times longer to put a subquery of models into words than the database to answer it."""

    template = (
        "(SELECT jsonb_agg(jsonb_build_object('pk', id, 'path', path, 'query', query, 'name', name,"
        " 'is_default', is_default) ORDER BY name) FROM portal_savedview WHERE user_id = %(expressions)s)"
    )
    output_field = JSONField()


def query_of(text: str) -> str:
    """Filters as they are kept and compared: in one order, without what is left blank."""
    pairs = parse_qsl(text, keep_blank_values=False)
    return urlencode(sorted((name, value) for name, value in pairs if value.strip() and name not in NO_FILTERS))


def is_page(path: str) -> bool:
    """Whether the portal has an address like this: a view must not lead anywhere else."""
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


# --- beside a list -----------------------------------------------------------------------------


@dataclass
class Menu:
    """The views of the list that is shown; `query` are the filters it is shown with."""

    path: str
    query: str
    rows: list[dict] = field(default_factory=list)
    may_keep: bool = False

    @property
    def current(self) -> dict | None:
        return next((row for row in self.rows if row["query"] == self.query), None)

    @property
    def whole(self) -> str:
        """Where the list is shown without any filter."""
        return f"{self.path}?{WHOLE}=1" if any(row["is_default"] for row in self.rows) else self.path

    def keep_url(self, name: str) -> str:
        """Where the filters of now get a name."""
        return f"{reverse('view_new')}?{urlencode({'path': self.path, 'query': self.query, 'name': name})}"


def menu(request) -> Menu:
    user = getattr(request, "user", None)
    rows = [row for row in getattr(user, "saved_views", None) or () if row["path"] == request.path]
    return Menu(request.path, query_of(request.GET.urlencode()), rows, bool(user and user.is_authenticated))


def default_of(request) -> str:
    """The address with the filters with which a list opens for whoever asks for it without any; empty: as it is."""
    rows = getattr(request.user, "saved_views", None) or ()
    found = (row for row in rows if row["is_default"] and row["path"] == request.path)
    return next((f"{row['path']}?{row['query']}" for row in found), "")


# --- writing -----------------------------------------------------------------------------------


@transaction.atomic
def keep(row: SavedView) -> SavedView:
    """Write a new or a changed view; a new one takes the place of its namesake. Raises Refused."""
    User.objects.select_for_update().get(pk=row.user_id)  # one after the other: there is one default
    others = SavedView.objects.filter(user=row.user_id, path=row.path).exclude(pk=row.pk)
    namesake = others.filter(name=row.name).first()
    if namesake and row.pk:
        raise Refused(_("这份清单已有同名的视图“%(name)s”，请换一个名称。") % {"name": row.name})
    if row.pk is None and namesake is None and others.count() >= MOST:
        raise Refused(_("一份清单最多保存 %(n)s 个视图，请先删去不用的。") % {"n": MOST})
    if row.is_default:
        others.filter(is_default=True).update(is_default=False)
    if namesake:
        row.pk = namesake.pk
        row._state.adding = False
    row.save()
    return row
