"""Regions of GB/T 2260: whether a code exists, what it is called, whether it lies in a city."""

import re

from stdnum import numdb

from portal.models import Pack


def name_of(code: str) -> str:
    """江苏省昆山市; "" for a code that names nothing."""
    if not re.fullmatch(r"\d{6}", code):
        return ""
    parts = [str(next(iter(found.values()), "")) for _part, found in numdb.get("cn/loc").info(code) if found]
    names = [re.sub(r"\[.*?\]", "", part.split(",")[-1]).strip() for part in parts]
    return "".join(dict.fromkeys(names)) if len(names) > 1 else ""


def lies_in(code: str, pack: Pack) -> bool | None:
    """Whether a region is the pack's city or a part of it; None where either isn't known by a code."""
    city = pack.root.gb_code
    if not re.fullmatch(r"\d{6}", code) or not re.fullmatch(r"\d{6}", city):
        return None
    whole = re.sub(r"(00)+$", "", city)  # 370200 holds 370202, 500000 holds 500103, 320583 only itself
    return code.startswith(whole)
