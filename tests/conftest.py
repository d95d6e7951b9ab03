"""What all tests share."""

from hypothesis import settings

# how long one example takes says more about the machine's other work than about Varta; speed is for benchmarks
settings.register_profile("varta", deadline=None)
settings.load_profile("varta")
