"""What the rosters can be narrowed by."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from postdocs.rosters.models import Degree, Doctor, Engagement, Post, Talent
from postdocs.stays.models import Channel
from postdocs.told_forms import ToldFilter


class DoctorFilter(ToldFilter):
    FOUND = ("person__name",)

    engagement = filters.ChoiceFilter(
        label=_("全职或双聘"), choices=Engagement.choices[:2], empty_label=_("全职和双聘")
    )
    channel = filters.ChoiceFilter(label=_("引才渠道"), choices=Channel.choices, empty_label=_("全部渠道"))

    class Meta:
        model = Doctor
        fields = ("q", "district", "state", "engagement", "channel")


class TalentFilter(ToldFilter):
    FOUND = ("name", "station__matter__number")

    degree = filters.ChoiceFilter(label=_("学位"), choices=Degree.choices, empty_label=_("全部学位"))
    post = filters.ChoiceFilter(label=_("岗位"), choices=Post.choices, empty_label=_("全部岗位"))

    class Meta:
        model = Talent
        fields = ("q", "district", "state", "degree", "post")
