"""Settings of all tests."""

from hypothesis import settings

# A busy machine is no fault of the code: speed is a ratio of the benchmarks, not a time here.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
