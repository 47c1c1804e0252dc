"""What one comes into the reserve pool by."""

from portal.packs import Section, section
from stations.applications.pack import check_criterion
from stations.models import PoolBasis, PoolBasisCriterion

POOL_CRITERIA = Section(
    "criteria",
    PoolBasisCriterion,
    ("fact", "lookup"),
    ("fact", "lookup", "value"),
    owner="basis",
    ordered=True,
    check=check_criterion,
)
section(
    Section(
        "pool",
        PoolBasis,
        ("code",),
        ("code", "title", "title_en", "focus", "clause"),
        ordered=True,
        children=(POOL_CRITERIA,),
    )
)
