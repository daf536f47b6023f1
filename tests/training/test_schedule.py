from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isl.errors import InputError
from isl.training.schedule import Constant, WarmupCosine

epochs = st.integers(1, 200)


@given(st.integers(0, 20), st.floats(0, 1), epochs)
def test_factor_stays_between_nothing_and_one(warmup, floor, max_epochs):
    schedule = WarmupCosine(warmup, floor)
    assert all(0 <= schedule.factor(epoch, max_epochs) <= 1 for epoch in range(max_epochs))


@given(st.integers(1, 20), st.integers(30, 200))
def test_it_rises_through_the_warmup_and_falls_after_it(warmup, max_epochs):
    factors = [WarmupCosine(warmup).factor(epoch, max_epochs) for epoch in range(max_epochs)]
    assert factors[:warmup] == sorted(factors[:warmup])
    assert factors[warmup - 1] == factors[warmup] == 1.0
    assert factors[warmup:] == sorted(factors[warmup:], reverse=True)


@given(st.floats(0, 1), epochs)
def test_it_ends_at_the_floor(floor, max_epochs):
    assert WarmupCosine(0, floor).factor(max_epochs, max_epochs) == pytest.approx(floor, abs=1e-9)


@given(st.integers(0, 300), epochs)
def test_constant_is_constant(epoch, max_epochs):
    assert Constant().factor(epoch, max_epochs) == 1.0


@pytest.mark.parametrize("options", [{"warmup_epochs": -1}, {"warmup_epochs": "many"}, {"floor": 2}])
def test_nonsense_names_its_flag(options):
    with pytest.raises(InputError, match=f"scheduler.{next(iter(options))}="):
        WarmupCosine(**options)
