"""The lists of this app side by side: who may open which."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.models import Role
from portal.models.people import CASEWORK

TABS = (
    (_("博士后"), "postdocs:stays", CASEWORK | {Role.POSTDOC}),
    (_("博士"), "postdocs:doctors", CASEWORK),
    (_("研究人才"), "postdocs:talents", CASEWORK),
    (_("入选名单"), "postdocs:selections", CASEWORK),
    (_("参保清单"), "postdocs:insurance", CASEWORK),
)


def tabs(user, here: str) -> list[dict]:
    """The lists that this person may open; none where there is but one."""
    found = [
        {"label": label, "url": reverse(name), "current": name == here}
        for label, name, roles in TABS
        if user.scope.roles & roles
    ]
    return found if len(found) > 1 else []
