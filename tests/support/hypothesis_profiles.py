"""How many examples Hypothesis tries, and how long one may take."""

from hypothesis import settings

# A slow machine is no counterexample.
settings.register_profile("project", deadline=None)
# Mutation testing runs the same tests thousands of times, each of them on the same examples.
settings.register_profile("mutants", deadline=None, max_examples=25, derandomize=True)
settings.load_profile("project")
