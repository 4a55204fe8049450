"""Transactions that nothing lengthens."""

import gc

import pytest
from django.db import connection

from rooms.infra.transactions import short_transaction

pytestmark = pytest.mark.django_db


def test_no_garbage_is_collected_while_the_database_is_held():
    with short_transaction():
        assert connection.in_atomic_block
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_rolls_back_and_lets_garbage_be_collected_again():
    with pytest.raises(ValueError), short_transaction():
        raise ValueError
    assert gc.isenabled()
    assert not connection.needs_rollback


def test_who_collects_no_garbage_is_not_made_to():
    gc.disable()
    try:
        with short_transaction():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
