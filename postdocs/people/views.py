"""One person: who they are as far as one may see, and their stays."""

from django.shortcuts import get_object_or_404, render

from postdocs.people.models import Person
from postdocs.stays.models import Stay


def person(request, pk):
    """A person one has to do with: their doctorate, their papers without the number, the stays one may see."""
    rows = Person.objects.visible_to(request.user).prefetch_related("papers")
    row = get_object_or_404(rows, pk=pk)
    stays = Stay.objects.visible_to(request.user).filter(person=row).for_page().order_by("-entered_on", "-pk")
    return render(request, "postdocs/person.html", {"person": row, "stays": stays})
