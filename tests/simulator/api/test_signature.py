"""The signature check: the published vector, and that no UserSig whatever breaks it."""

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.api.signature import UserSigVerifier, opened
from simulator.errors import Refusal

# The vector of section 2.2 of the protocol reference, made up for it.
KEY, ADMIN, SDKAPPID, SIGNED_AT, EXPIRE = (
    "example-secret-key-0123456789abcdef",
    "administrator",
    1400000000,
    1700000000,
    604800,
)
SIG = "SSbA7BkInk+pRO+5scDUVVqeMxb+2nKyMWVJGwfvXNg="
CLAIMS = {
    "TLS.ver": "2.0",
    "TLS.identifier": ADMIN,
    "TLS.sdkappid": SDKAPPID,
    "TLS.expire": EXPIRE,
    "TLS.time": SIGNED_AT,
    "TLS.sig": SIG,
}


def packed(claims):
    """Any JSON as a UserSig, signed or not."""
    text = base64.b64encode(zlib.compress(json.dumps(claims).encode())).decode()
    return text.translate(str.maketrans("+/=", "*-_"))


def code(usersig, now=SIGNED_AT, **changed):
    asked = {"sdkappid": str(SDKAPPID), "identifier": ADMIN} | changed
    try:
        UserSigVerifier(sdkappid=SDKAPPID, secret=KEY, admin=ADMIN).check(
            usersig=usersig, now=now, **asked
        )
    except Refusal as refusal:
        return refusal.code
    return 0


def test_the_published_vector_is_let_in_until_it_expires():
    assert code(packed(CLAIMS)) == 0
    assert code(packed(CLAIMS), now=SIGNED_AT + EXPIRE) == 0
    assert code(packed(CLAIMS), now=SIGNED_AT + EXPIRE + 1) == 70001


@pytest.mark.parametrize("name", sorted(set(CLAIMS) - {"TLS.ver", "TLS.sdkappid"}))
def test_a_changed_claim_spoils_the_signature(name):
    changed = CLAIMS | {
        name: CLAIMS[name] + 1 if isinstance(CLAIMS[name], int) else "x" + CLAIMS[name]
    }
    assert code(packed(changed)) == 70009


def test_another_application_is_told_before_the_key_is_tried():
    assert code(packed(CLAIMS | {"TLS.sdkappid": 1})) == 70014
    assert code(packed(CLAIMS), sdkappid="1") == 60006


@pytest.mark.parametrize("name", sorted(set(CLAIMS) - {"TLS.ver"}))
def test_a_missing_claim_cannot_be_parsed(name):
    assert code(packed({key: value for key, value in CLAIMS.items() if key != name})) == 70003


def test_what_unpacks_to_a_great_deal_is_not_unpacked():
    assert code(packed({"TLS.identifier": "x" * 5_000_000})) == 70003


@pytest.mark.parametrize(
    "claims", [float("inf"), [], {"TLS.sig": "\ud800"}, CLAIMS | {"TLS.time": float("inf")}]
)
def test_odd_json_is_refused(claims):
    assert code(packed(claims)) == 70003


ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.integers(), max_size=2)
)


@given(st.dictionaries(st.sampled_from(sorted(CLAIMS)), ODD))
def test_no_claims_whatever_break_the_check(changed):
    assert code(packed(CLAIMS | changed)) in {0, 70001, 70003, 70009, 70013, 70014, 60010}


@given(st.text())
def test_no_text_whatever_breaks_the_check(text):
    with pytest.raises(Refusal) as refused:
        opened(text)
    assert refused.value.code == 70003
