"""The profile of `make fuzz`: the same properties, on far more examples."""

from hypothesis import HealthCheck, settings

settings.register_profile("long", max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
