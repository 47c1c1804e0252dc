"""Agreements point to the register of universities: those whose name it knows are linked at once. What the city's units
have agreed on with universities, by a match or in a station's register, is read as one table."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LINK = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE stations_partner p SET listed_id = u.id
FROM stations_station s, portal_matter m, portal_ancestry a, portal_pack k, stations_university u
WHERE s.id = p.station_id AND m.id = s.matter_id AND a.node_id = m.district_id AND k.root_id = a.ancestor_id
  AND u.pack_id = k.id AND u.name = p.university
"""
VIEW = """
CREATE VIEW stations_cooperation AS
SELECT m.id * 2 AS id, m.matter_id, d.enterprise_id, f.university_id, m.id AS match_id, NULL::bigint AS partner_id,
  m.signed_on AS since, m.agreed_until AS until
FROM stations_match m JOIN stations_demand d ON d.id = m.demand_id JOIN stations_flowstation f ON f.id = m.flow_id
WHERE m.signed_on IS NOT NULL
UNION ALL
SELECT p.id * 2 + 1, s.matter_id, s.enterprise_id, p.listed_id, NULL, p.id, p.since, p.until
FROM stations_partner p JOIN stations_station s ON s.id = p.station_id
WHERE p.listed_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0003_casework"),
        ("stations", "0005_sheet_without_rectification"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "partner",
            "listed",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="agreements",
                to="stations.university",
            ),
        ),
        migrations.CreateModel(
            "UniversityName",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="协议里的名称")),
                ("on", models.DateField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.pack"),
                ),
                (
                    "university",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_names",
                        to="stations.university",
                    ),
                ),
            ],
            {
                "verbose_name": "高校院所的其他名称",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pack", "name"),
                        name="university_name_once",
                        violation_error_message="这个名称已经关联到一所高校院所。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "Cooperation",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
            ],
            {"verbose_name": "签约合作", "managed": False},
        ),
        migrations.RunSQL(LINK, migrations.RunSQL.noop),
        migrations.RunSQL(VIEW, "DROP VIEW stations_cooperation"),
    ]
