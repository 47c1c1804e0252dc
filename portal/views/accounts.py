"""Signing in and out, the second factor, one's own account, joining an organisation."""

import base64
import hashlib
import io
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordMixin
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.i18n import set_language
from django_otp import login as otp_login
from django_otp import match_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal import sms
from portal.accounts import JOINED, LoginForm, named
from portal.forms import PhoneField, TidyField
from portal.lifecycle import Refused
from portal.models import Appointment, Invitation, User
from portal.models.people import UNIT
from portal.site import pack_of
from portal.words import localised

INVITATION_DAYS = 7
log = logging.getLogger(__name__)


@method_decorator(login_not_required, name="dispatch")
class Login(auth.LoginView):
    """Signing in. A form that was sent after the session ended comes along and can be sent on (`kept`)."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def kept(self):
        """(name, value) pairs of a form that waits to be sent on."""
        return list(zip(self.request.POST.getlist("kept-name"), self.request.POST.getlist("kept-value"), strict=False))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(kept=self.kept(), **kwargs)
        del context["site"]  # Django's own, which would stand in for ours
        return context

    def form_valid(self, form):
        response = super().form_valid(form)
        self.request.session["seen"] = now().timestamp()
        target = self.get_success_url()
        if not self.kept() or not url_has_allowed_host_and_scheme(target, {self.request.get_host()}):
            return response
        return render(self.request, "accounts/resume.html", {"kept": self.kept(), "target": target})


class Logout(auth.LogoutView):
    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


@method_decorator(login_not_required, name="dispatch")
class PasswordReset(auth.PasswordResetView):
    template_name = "accounts/password_reset.html"
    email_template_name = "accounts/password_reset_email.txt"
    subject_template_name = "accounts/password_reset_subject.txt"


@method_decorator(login_not_required, name="dispatch")
class PasswordResetDone(auth.PasswordResetDoneView):
    template_name = "accounts/password_reset_done.html"


@method_decorator(login_not_required, name="dispatch")
class PasswordResetConfirm(auth.PasswordResetConfirmView):
    template_name = "accounts/password_new.html"
    success_url = "/login/"


def password_change(request):
    form = PasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        messages.success(request, _("密码已修改。"))
        return redirect("account")
    return render(request, "accounts/password_change.html", {"form": form})


# --- one's own account -------------------------------------------------------------------------


class AccountForm(forms.ModelForm):
    phone = PhoneField(label=gettext_lazy("手机"), required=False, max_length=20)

    class Meta:
        model = User
        fields = ("name", "phone", "email")


@login_not_required
def language(request):
    """Show pages in another language; who is signed in is also told things in it from now on."""
    code = request.POST.get("language")
    if request.user.is_authenticated and code in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=code)
    return set_language(request)


def account(request):
    """Who one is here, how one can be reached, which roles one holds."""
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("已保存。"))
        return redirect("account")
    appointments = request.user.appointments.in_force(localdate()).select_related("organisation", "district")
    device = TOTPDevice.objects.filter(user=request.user, confirmed=True).first()
    return render(request, "accounts/account.html", {"form": form, "appointments": appointments, "device": device})


class TokenForm(forms.Form):
    token = TidyField(
        label=gettext_lazy("6 位验证码"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args, check, **kwargs):
        super().__init__(*args, **kwargs)
        self.check = check

    def clean_token(self):
        token = self.cleaned_data["token"].replace(" ", "")
        self.device = self.check(token)
        if not self.device:
            raise forms.ValidationError(_("验证码不对或已过期。请看手机上最新的 6 位数字。"))
        return token


def verify(request):
    """The second step of signing in: a code from the telephone, or one of the recovery codes."""
    if not TOTPDevice.objects.filter(user=request.user, confirmed=True).exists():
        return redirect("totp")
    target = request.GET.get("next", "")
    target = target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else reverse("home")
    form = TokenForm(request.POST or None, check=lambda token: match_token(request.user, token))
    if request.method == "POST" and form.is_valid():
        otp_login(request, form.device)
        if kept := request.session.pop("kept", None):
            return render(request, "accounts/resume.html", {"kept": kept["values"], "target": kept["target"]})
        return redirect(target)
    return render(request, "accounts/verify.html", {"form": form})


def totp(request):
    """Set up a one-time code: scan, type the first code, keep the recovery codes."""
    if TOTPDevice.objects.filter(user=request.user, confirmed=True).exists():
        return redirect("account")
    device, _new = TOTPDevice.objects.get_or_create(user=request.user, confirmed=False, defaults={"name": "totp"})
    form = TokenForm(request.POST or None, check=lambda token: device if device.verify_token(token) else None)
    if request.method == "POST" and form.is_valid():
        device.confirmed = True
        device.save()
        otp_login(request, device)
        return render(request, "accounts/recovery.html", {"codes": recovery_codes(request.user)})
    picture = io.BytesIO()
    segno.make(device.config_url, error="m").save(picture, kind="svg", scale=5, border=2, xmldecl=False)
    context = {
        "form": form,
        "qr": "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode(),
        "secret": base64.b32encode(device.bin_key).decode(),
    }
    return render(request, "accounts/totp.html", context)


def recovery_codes(user) -> list[str]:
    """Ten fresh codes, each good once; they are shown now and never again."""
    device, _new = StaticDevice.objects.get_or_create(user=user, defaults={"name": "recovery"})
    device.token_set.all().delete()
    codes = [StaticToken.random_token() for _n in range(10)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


# --- joining -----------------------------------------------------------------------------------


class InvitationForm(forms.ModelForm):
    """A colleague of one's own organisation."""

    role = forms.ChoiceField(
        label=gettext_lazy("角色"), choices=[(r.value, r.label) for r in sorted(UNIT)], widget=forms.RadioSelect
    )
    phone = PhoneField(label=gettext_lazy("手机"), max_length=20)

    class Meta:
        model = Invitation
        fields = ("role", "name", "phone")


def invite(invitation: Invitation, *, by: User | None) -> str:
    """Keep an invitation and return the secret of its link, which is shown this once."""
    token = secrets.token_urlsafe(24)
    invitation.invited_by = by
    invitation.token_hash = hashlib.sha256(token.encode()).hexdigest()
    invitation.expires_at = now() + timedelta(days=INVITATION_DAYS)
    invitation.save()
    return token


@dataclass(frozen=True)
class Handed:
    """How a link came to whoever was invited: by text to their telephone, or shown to the inviter to pass it on."""

    phone: str
    link: str  # empty where a text carries it: then nobody else sees it


def hand_over(request, invitation: Invitation, token: str) -> Handed:
    """Send the link to the invited telephone; without a gateway show it. Raises Refused where no text gets through.

    Sent at once and not by a worker, because the secret of a link is kept nowhere: call it in the transaction that
    keeps the invitation.
    """
    link = request.build_absolute_uri(reverse("join", args=[token]))
    if not sms.gateway().real:
        return Handed(invitation.phone, link)
    pack = pack_of(request.user)
    said = {"bureau": localised(pack, "bureau") if pack else "", "name": invitation.name, "link": link}
    text = _("【%(bureau)s】%(name)s：请您开通账号，7 天内有效，只能用一次，请勿转发：%(link)s") % said
    try:
        sms.gateway().send(invitation.phone, text)
    except Exception as error:  # sockets, whatever a gateway raises
        log.warning("SMS of an invitation to …%s: %s", invitation.phone[-4:], type(error).__name__)
        raise Refused(
            _("短信没有发到 %(phone)s，没有邀请。请核对手机号，或过一会儿再试。") % {"phone": invitation.phone}
        ) from error
    return Handed(invitation.phone, "")


@transaction.atomic
def ask_in(request, invitation: Invitation) -> Handed:
    """Keep an invitation and hand its link over. Raises Refused."""
    return hand_over(request, invitation, invite(invitation, by=request.user))


class JoinForm(SetPasswordMixin, forms.ModelForm):
    """A new account for somebody who was invited; the telephone number is the account's name."""

    password1, password2 = SetPasswordMixin.create_password_fields(
        label1=gettext_lazy("设置密码"), label2=gettext_lazy("再输一次密码")
    )

    class Meta:
        model = User
        fields = ("email",)

    def clean(self):
        self.validate_passwords()
        self.validate_password_for_user(self.instance)
        return super().clean()

    def save(self, commit=True):
        user = super().save(commit=False)
        return self.set_password_and_save(user, commit=commit)


@login_not_required
def join(request, token):
    """Open an invitation: set a password, and the role begins today."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    invitation = get_object_or_404(Invitation.objects.select_related("organisation", "district"), token_hash=digest)
    if invitation.accepted_by_id or invitation.expires_at < now():
        return render(request, "accounts/join_over.html", {"invitation": invitation}, status=410)
    known = named(invitation.phone)
    if known and not request.user.is_authenticated:
        return redirect(f"{reverse('login')}?next={request.path}")
    if known and request.user != known:
        raise Http404
    user = known or User(username=invitation.phone, phone=invitation.phone, name=invitation.name)
    form = None if known else JoinForm(request.POST or None, instance=user)
    if request.method == "POST" and (known or form.is_valid()):
        try:
            with transaction.atomic():
                user = known or form.save()
                begin(invitation, user)
        except Refused as reason:
            messages.error(request, str(reason))
            return redirect("home")
        if not known:
            login(request, user, backend="portal.accounts.Backend")
        messages.success(
            request,
            _("您已成为%(unit)s的%(role)s。") % {"unit": invitation.place, "role": invitation.get_role_display()},
        )
        return redirect("home")
    return render(request, "accounts/join.html", {"form": form, "invitation": invitation})


def begin(invitation: Invitation, user: User) -> None:
    """The invited role, from today on; an invitation works once, however often it is pressed."""
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_by=None).update(accepted_by=user)
    if taken:
        Appointment.objects.get_or_create(
            user=user,
            role=invitation.role,
            organisation=invitation.organisation,
            district=invitation.district,
            until=None,
            defaults={"since": localdate()},
        )
        for act in JOINED:
            act(invitation, user)
