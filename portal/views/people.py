"""Officials and the roles they hold: invited and dismissed by the system administrator of their city."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.forms import PhoneField
from portal.lifecycle import Refused
from portal.models import Appointment, District, Invitation, Organisation, Role
from portal.models.people import OFFICIALS
from portal.paging import Whole
from portal.views.accounts import ask_in
from portal.words import localised

PAGE = 50


class DistrictChoice(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return localised(row, "name")


class OfficialForm(forms.ModelForm):
    """An official of the city: the role, where it reaches, who."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=[(r.value, r.label) for r in Role if r in OFFICIALS])
    district = DistrictChoice(label=gettext_lazy("范围"), queryset=District.objects.none(), empty_label=None)
    phone = PhoneField(label=gettext_lazy("手机"), max_length=20)

    class Meta:
        model = Invitation
        fields = ("role", "district", "name", "phone")

    def __init__(self, *args, districts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = districts

    def save(self, commit=True):
        """The office of the district goes with the role, where there is one."""
        invitation = super().save(commit=False)
        offices = (Organisation.Kind.BUREAU, Organisation.Kind.DISTRICT_OFFICE)
        invitation.organisation = Organisation.objects.filter(district=invitation.district, kind__in=offices).first()
        return invitation


def own_districts(user):
    """Where this administrator may appoint: their own districts and all below."""
    _organisations, districts = user.scope.by_role[Role.SYSTEM_ADMIN]
    return District.objects.filter(pk__in=districts).order_by("path_order")


def officials(request):
    """Everybody who holds an official's role in the administrator's districts, and the invitations that wait."""
    districts = own_districts(request.user)
    form, handed = OfficialForm(request.POST or None, districts=districts), None
    if request.method == "POST" and form.is_valid():
        try:
            handed, form = ask_in(request, form.save(commit=False)), OfficialForm(districts=districts)
        except Refused as reason:
            form.add_error("phone", str(reason))
    in_force = Appointment.objects.in_force(localdate()).filter(district__in=districts)
    rows = in_force.select_related("user", "district", "organisation").order_by("district__path_order", "role", "pk")
    waiting = Invitation.objects.filter(district__in=districts, accepted_by=None, expires_at__gt=now())
    context = {
        "page": Whole(rows, PAGE).get_page(request.GET.get("page")),
        "waiting": waiting.select_related("district").order_by("-pk"),
        "form": form,
        "handed": handed,
    }
    return render(request, "accounts/officials.html", context, status=422 if form.errors else 200)


@require_POST
def official_end(request, pk):
    """End an appointment today; the rights are gone on the person's next click."""
    rows = Appointment.objects.in_force(localdate()).filter(district__in=own_districts(request.user))
    row = get_object_or_404(rows.select_related("user"), pk=pk)
    if row.user == request.user:
        messages.error(request, _("不能结束自己的任职，请由另一位系统管理员办理。"))
    elif row.since == localdate():
        row.delete()
        messages.success(request, _("已撤销今天的任职。"))
    else:
        row.until = localdate()
        row.save(update_fields=["until"])
        messages.success(request, _("已结束任职，权限立即失效。"))
    return redirect("officials")
