"""What this desk's own estimate of a drive stands on: policy and observed traffic, as its copy has them."""

from __future__ import annotations

from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.traffic import Traffic
from dispatcher_app.planning.travel import Ground


def ground(reader: Reader, region: Region) -> Ground:
    """The same figures that a server without any other source estimates by."""
    policy, traffic = reader.entity(Policy.kind, "policy"), reader.entity(Traffic.kind, region.id)
    return Ground(
        policy=policy if isinstance(policy, Policy) else Policy(),
        timezone=region.timezone,
        traffic=traffic if isinstance(traffic, Traffic) else None,
    )
