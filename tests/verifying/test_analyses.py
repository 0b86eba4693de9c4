"""`verify` names published analyses that were changed: their hash, their spelling, what they say."""

import json

import pytest

from clauses.models import Analysis
from conductatlas.canonical import canonical, fingerprint

from .tampering import facts, for_a_while, found, tamper, told

pytestmark = pytest.mark.django_db

PAYLOAD = ("clauses_analysis.analysis_payload_is_named_by_its_hash", "clauses_analysis.analysis_payload_is_an_object")


def rewrite(analysis: Analysis, payload: str) -> None:
    tamper(
        "UPDATE clauses_analysis SET payload = %(payload)s, payload_sha256 = %(sha256)s WHERE id = %(id)s",
        {"payload": payload, "sha256": fingerprint(payload), "id": analysis.pk},
        without=PAYLOAD,
    )


def test_payloads_with_another_hash_are_named_superseded_or_not(document):
    """Machines are told the same."""
    analyses = Analysis.objects.filter(provision__document=document).order_by("version")
    hashes = list(analyses.values_list("payload_sha256", flat=True))
    tamper(
        "UPDATE clauses_analysis SET payload_sha256 = repeat(version::text, 64) WHERE id = ANY(%(ids)s)",
        {"ids": list(analyses.values_list("pk", flat=True))},
        without=PAYLOAD,
    )
    code, said = told("verify", "--json", "--document", document.record_id)
    assert code == 1
    assert json.loads(said)["mismatches"] == [
        {
            "record": str(analysis),
            "what": "SHA-256 of the payload",
            "stored": str(analysis.version) * 64,
            "recomputed": recomputed,
        }
        for analysis, recomputed in zip(analyses, hashes, strict=True)
    ]


def test_a_payload_that_is_spelt_otherwise_or_is_none_is_named(document):
    analysis = Analysis.objects.get(provision__document=document, version=2)
    for payload, what in (
        (analysis.payload.replace('":', '": ', 1), "canonical JSON"),
        ("{", "payload"),
        ('{"format":1.5}', "payload"),
        ("[]", "format of the payload"),
        ('{"format":7}', "format of the payload"),
        ('{"format":1}', "payload"),
    ):
        with for_a_while():
            rewrite(analysis, payload)
            assert facts(found(document)) == {f"{analysis}, {what}"}, payload


def first_look(said: dict) -> dict:
    return said["evidence"]["looks"][-1]


EDITS = {
    "record in the payload": lambda said: said.update(record="CA-P-999999"),
    "quotation in the payload": lambda said: said["quotation"].update(segments=["Other words."]),
    "what_it_is in the payload": lambda said: said.update(what_it_is="They delete it. [1]"),
    "severity.level in the payload": lambda said: said["severity"].update(level="low"),
    "severity.factors[].score in the payload": lambda said: said["severity"]["factors"][0].update(score=0),
    "answers[].value in the payload": lambda said: said["answers"][0].update(value="no"),
    "actions[].title in the payload": lambda said: said["actions"][0].update(title="Sue them"),
    "regulations[].articles in the payload": lambda said: said["regulations"][0].update(articles=["Art. 99"]),
    "published_at in the payload": lambda said: said.update(published_at="2020-01-01T00:00:00+00:00"),
    "evidence.state in the payload": lambda said: said["evidence"].update(state="absent"),
    "evidence of version 2, day": lambda said: first_look(said).update(captured_on="2020-01-01"),
    "evidence of version 2, proof": lambda said: first_look(said).update(spans=[[0, 5]]),
}


def test_a_payload_forged_with_its_hash_is_named(document):
    analysis = Analysis.objects.get(provision__document=document, version=2)

    def after(*edits) -> set[str]:
        said = json.loads(analysis.payload)
        for edit in edits:
            edit(said)
        with for_a_while():
            rewrite(analysis, canonical(said))
            return {fact.removeprefix(f"{analysis}, ") for fact in facts(found(document))}

    assert after(*EDITS.values()) == set(EDITS)
    # Of a text that is not the version's there is no proof either.
    other_text = after(lambda said: first_look(said).update(sha256="0" * 64))
    assert other_text == {"evidence of version 2, text", "evidence of version 2, proof"}


def test_what_a_published_analysis_says_changed_afterwards_is_named_and_a_reworded_agency_is_not(document):
    analysis = Analysis.objects.get(provision__document=document, version=2)
    applied = analysis.agencies.get().agency
    applied.name = "Renamed"
    applied.save()
    with for_a_while():
        tamper("UPDATE clauses_answer SET value = 'no' WHERE analysis_id = %(id)s", {"id": analysis.pk})
        assert facts(found(document)) == {f"{analysis}, answers[].value in the payload"}
    tamper(
        "UPDATE clauses_analysis SET what_this_means = 'Nothing. [1]', basis = 'inferred', confidence = 'low',"
        ' rendered = \'{"what_it_is": "<p>Nothing.</p>"}\' WHERE id = %(id)s',
        {"id": analysis.pk},
    )
    payload = ("what_this_means", "basis.code", "confidence.level", "severity.cap", "severity.level")
    rendered = ("what it is", "why it matters", "what this means")
    assert facts(found(document)) == {
        *(f"{analysis}, {what} in the payload" for what in payload),
        *(f"{analysis}, {what}" for what in ("basis", *rendered)),
    }
