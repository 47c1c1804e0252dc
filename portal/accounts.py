"""Signing in: by account name or telephone number, locked for a while after failures, with a second factor."""

from collections.abc import Callable

from django import forms
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal import saved
from portal.lifecycle import Refused
from portal.models import Invitation, User

CONTEXT_WORDS = ("boshihou", "博士后", "portal", "renshe", "postdoc", "kunshan", "chongqing", "qingdao", "jianghai")


JOINED: list[Callable[[Invitation, User], None]] = []  # what apps do when an invitation is accepted; may raise Refused


# `has_device`: a one-time code is set up; `saved_views`: see portal/saved.py. Told with whoever asks, because every
# request must know; put together once, because every request asks.
KNOWN = User.objects.annotate(
    has_device=Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)), saved_views=saved.Views("pk")
)


class Backend(BaseBackend):
    """An account is named by its user name, or by a telephone number that no second account has.

    The user name goes first: a number that somebody enters into their profile must not take over the login of the
    account that is named by it.
    """

    def authenticate(self, request, username=None, password=None):
        if username is None or password is None:
            return None
        user = named(username)
        if user is None:
            User().set_password(password)  # as long as for a real account, so that the time tells nothing
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id):
        return KNOWN.filter(pk=user_id, is_active=True).first()


def named(name: str) -> User | None:
    """The account with this user name; else the only one with this telephone number."""
    user = User.objects.filter(username=name).first()
    if user or not name:
        return user
    owners = User.objects.filter(phone=name)[:2]
    return owners[0] if len(owners) == 1 else None


class LoginForm(AuthenticationForm):
    username = forms.CharField(
        label=gettext_lazy("手机号或账号"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    error_messages = {
        "invalid_login": gettext_lazy("账号或密码不对。连错 5 次会锁定 15 分钟；忘了密码可以重设。"),
        "inactive": gettext_lazy("这个账号已停用，请联系本单位管理人员或市人社局。"),
    }


def step_up(user: User, token: str) -> str:
    """Ask for the second factor once more, for what must not happen with a borrowed session: a code that was not used
    yet. Returns which device it came from. Raises Refused."""
    with transaction.atomic():  # a wrong code counts, even where what it was for is refused
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            raise Refused(_("请先在“我的账户”里设置一次性验证码，再办理这一步。"))
        allowed, _why = device.verify_is_allowed()
        right = allowed and device.verify_token(token.replace(" ", ""))
    if not allowed:
        raise Refused(_("验证码连续错了几次，请稍等一会儿再试。"))
    if not right:
        raise Refused(_("验证码不对、已过期，或者刚才用过。请等手机上出现新的 6 位数字再输。"))
    return device.persistent_id


def locked_out(request, response=None, credentials=None, *args, **kwargs):
    """What somebody sees who failed too often from one address: when it opens again, and what to do meanwhile."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "900"
    return response


class LengthValidator(MinimumLengthValidator):
    """Django's own, in our words: its sentence has no Chinese."""

    def get_error_message(self):
        return self.get_help_text()

    def get_help_text(self):
        return _("密码至少 %(length)s 位，越长越好记也越难猜。") % {"length": self.min_length}


class ContextWordValidator:
    """Refuses passwords built around the words that everybody here would try first."""

    def validate(self, password, user=None):
        lowered = password.lower()
        for word in CONTEXT_WORDS:
            if word in lowered and len(lowered.replace(word, "")) < 6:
                raise ValidationError(
                    _("密码里有太容易猜到的词“%(word)s”，请换一个，或再加至少 6 个其他字符。") % {"word": word}
                )

    def get_help_text(self):
        return _("不要用本平台、本市名称的拼音加几个数字。")
