"""How many examples Hypothesis tries, and how long one may take."""

from hypothesis import HealthCheck, settings

# A slow machine is no counterexample, nor does it make the tests unhealthy.
_PROJECT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("project", _PROJECT)
# Mutation testing runs the same tests thousands of times, each of them on the same examples.
settings.register_profile("mutants", _PROJECT, max_examples=25, derandomize=True)
settings.load_profile("project")
