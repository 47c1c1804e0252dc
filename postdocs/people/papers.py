"""Numbers of identity papers: brought to one form, checked, and what a Chinese number tells."""

import re
from datetime import date
from operator import mul

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.forms import tidy
from postdocs.people.models import NUMBERED, PaperKind, Sex

RESIDENCE_AREAS = ("810000", "820000", "830000")  # Hong Kong, Macau, Taiwan (GB/T 2260)


def normal(kind: str, text: str) -> str:
    """The number as it is compared and kept. Raises ValidationError with a sentence that says what is wrong."""
    plain = text.isascii() and text.isalnum()
    number = (text if plain else re.sub(r"[\s\-－—·]", "", tidy(text))).upper()
    if kind in NUMBERED:
        return checked(kind, number)
    if not re.fullmatch(r"[A-Z0-9]{5,20}", number):
        raise ValidationError(_("证件号码应为 5 到 20 位数字和字母，请对照证件。"))
    return number


def checked(kind: str, number: str) -> str:
    """A number of 18 digits (GB 11643): birth date and check digit must hold, because they are printed so."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        if re.fullmatch(r"\d{15}", number):
            raise ValidationError(_("这是 15 位旧号码，已停用。请填现在证件上的 18 位号码。"))
        raise ValidationError(
            _("身份证号码应为 18 位，末位可以是 X；现在是 %(n)s 位。请对照证件。") % {"n": len(number)}
        )
    if kind == PaperKind.RESIDENCE and number[:6] not in RESIDENCE_AREAS:
        raise ValidationError(_("港澳台居民居住证以 810000、820000 或 830000 开头，请核对证件类型。"))
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise ValidationError(_("号码里的出生日期不存在，请对照证件。")) from error
    if born_on.year < 1930:
        raise ValidationError(_("号码里的出生年份早于 1930 年，请对照证件。"))
    if check_digit(number) != number[-1]:
        raise ValidationError(_("身份证号码的校验位不对，多半是输错了一位。请对照证件。"))
    return number


WEIGHTS = [pow(2, 17 - place, 11) for place in range(17)]


def check_digit(number: str) -> str:
    """The last sign of a number whose first 17 digits are these (GB 11643)."""
    return "10X98765432"[sum(map(mul, map(int, number[:17]), WEIGHTS)) % 11]


def told(kind: str, number: str) -> dict:
    """What a normalised number says of its holder, by column; nothing where it says nothing."""
    if kind not in NUMBERED:
        return {}
    born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return {"born_on": born_on, "sex": Sex.MALE if int(number[16]) % 2 else Sex.FEMALE}
