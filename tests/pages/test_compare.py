"""Platforms side by side: what was asked for, what the cells say, and the same as a file."""

import csv
import io
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from clauses.figures import platforms_by_type
from clauses.matrix import HEADER
from clauses.models import Analysis, ClauseType
from conductatlas.spreadsheet import FORMULA, csv_file, neutral
from tests.pages.reading import main_text, page, text_of

TRAINING = "/compare/user-content-for-ai-training/"
FILE = "/compare/user-content-for-ai-training.csv"

pytestmark = pytest.mark.django_db


def plain(text: str) -> str:
    return " ".join(text.split())


def columns(response) -> list[str]:
    return [plain(text_of(cell)) for cell in page(response).findall(".//table[@class='matrix']/thead/tr/th")]


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def test_the_platforms_asked_for_stand_side_by_side(client: Client) -> None:
    response = client.get(f"{TRAINING}?p=grok&p=chatgpt&p=grok&p=Le+Chat")
    assert columns(response) == ["ChatGPT", "Grok", "Le Chat"]
    kind = ClauseType.objects.get(slug="user-content-for-ai-training")
    questions = [question.wording for question in kind.questions.all()]
    headings = page(response).findall(".//th[@class='matrix-question']")
    assert [plain(text_of(cell)) for cell in headings] == ["The clauses", *questions]


def test_a_platform_is_found_by_the_names_it_had_or_has_besides(client: Client) -> None:
    assert columns(client.get(f"{TRAINING}?p=codeium&p=Claude.ai")) == ["Claude", "Windsurf"]


def test_one_address_however_it_was_asked_for(client: Client) -> None:
    links = set()
    for asked in ("p=grok&p=chatgpt", "p=chatgpt&p=grok&p=chatgpt", "p=Grok&p=+ChatGPT+&p=", "x=1&p=grok&p=chatgpt"):
        tree = page(client.get(f"{TRAINING}?{asked}"))
        (permanent,) = tree.findall(".//a[@id='permanent-link']")
        (canonical,) = tree.findall(".//link[@rel='canonical']")
        assert permanent.text == permanent.get("href") == canonical.get("href")
        assert tree.find(".//meta[@name='robots'][@content='noindex']") is not None
        links.add(permanent.text)
    (link,) = links
    assert link.endswith(f"{TRAINING}?p=chatgpt&p=grok")
    assert columns(client.get(f"{TRAINING}?{urlsplit(link).query}")) == ["ChatGPT", "Grok"]


def test_the_bare_address_proposes_and_may_be_indexed(client: Client) -> None:
    response = client.get(TRAINING)
    tree = page(response)
    assert 2 <= len(columns(response)) <= 4
    assert tree.find(".//meta[@name='robots']") is None
    assert tree.find(".//link[@rel='canonical']").get("href").endswith(TRAINING)
    offered = [box.get("value") for box in tree.findall(".//input[@type='checkbox'][@name='p']")]
    kind = ClauseType.objects.get(slug="user-content-for-ai-training")
    assert len(offered) == platforms_by_type()[kind.pk]
    assert "pennowisk" not in offered


def test_what_cannot_be_shown_is_said(client: Client) -> None:
    asked = ["chatgpt", "claude-ai", "cursor", "deepseek", "grok", "jasper-ai", "lovable"]
    query = "&".join(f"p={name}" for name in [*asked, "nobody", "pennowisk", "supabase"])
    response = client.get(f"{TRAINING}?{query}")
    assert len(columns(response)) == 6
    text = plain(main_text(response))
    assert "Left out: Lovable." in text
    assert "No platform of the catalogue is called “nobody”" in text
    assert "Pennowisk is invented" in text
    assert "no published clause of this type from Supabase" in text


def test_fewer_than_two_platforms_are_no_comparison(client: Client) -> None:
    assert "Only one real platform" in main_text(client.get("/compare/ai-model-routing/"))
    assert "No real platform" in main_text(client.get("/compare/ai-output-rights/"))
    assert "One platform is no comparison yet" in main_text(client.get(f"{TRAINING}?p=grok"))
    nothing = client.get(f"{TRAINING}?p=nobody")
    assert "None of the platforms you asked for can be shown" in main_text(nothing)
    assert columns(nothing) == []


def test_each_answer_is_the_one_of_the_record_with_the_sentences_it_rests_on(client: Client) -> None:
    rows = rows_of(client.get(f"{FILE}?p=claude-ai&p=grok&p=cursor"))
    analyses = {
        analysis.provision.record_id: analysis
        for analysis in Analysis.objects.published()
        .filter(
            provision__clause_type__slug="user-content-for-ai-training",
            provision__document__platform__slug__in=["claude-ai", "grok", "cursor"],
        )
        .select_related("provision", "quotation")
    }
    assert {row["record"] for row in rows} == set(analyses)
    for row in rows:
        analysis = analyses[row["record"]]
        answer = analysis.answers.get(question__wording=row["question"])
        assert row["answer"] == answer.get_value_display()
        assert row["detail"].lstrip("'") == answer.detail
        sentences = {sentence.number: plain(sentence.words) for sentence in analysis.quotation.sentences}
        assert all(sentences[number] in row["words"] for number in answer.sentences)
        assert bool(row["words"]) == bool(answer.sentences)


def test_page_and_file_say_the_same(client: Client) -> None:
    query = "?p=claude-ai&p=grok&p=windsurf"
    tree = page(client.get(f"{TRAINING}{query}"))
    platforms = ["Claude", "Grok", "Windsurf"]
    shown = []
    for body in tree.findall(".//table[@class='matrix']/tbody")[1:]:
        question = plain(text_of(body.find("./tr/th")))
        for platform, cell in zip(platforms, body.findall("./tr/td"), strict=True):
            for entry in cell.findall("./div"):
                quoted = entry.find(".//blockquote/p")
                words = plain(quoted.text or "").strip("“”") if quoted is not None else ""
                answer = plain(entry.find(".//strong").text).rstrip(".").lower()
                detail = plain(entry.find(".//strong").tail or "")
                shown.append((question, platform, answer, detail, words))
    rows = rows_of(client.get(f"{FILE}{query}"))
    filed = [
        (row["question"], row["platform"], row["answer"], plain(row["detail"]).lstrip("'"), row["words"].strip("“”'"))
        for row in rows
    ]
    assert [(*row[:4], row[4].strip("'")) for row in shown] == filed
    assert len(filed) > 20
    heads = tree.findall(".//table[@class='matrix']/tbody")[0]
    for row in rows:
        assert row["record"] in text_of(heads) and row["proof"] in text_of(heads)


def test_the_file_is_a_file(client: Client) -> None:
    response = client.get(FILE)
    assert response["Content-Type"].startswith("text/csv; charset=utf-8")
    assert "compare-user-content-for-ai-training.csv" in response["Content-Disposition"]
    assert response["X-Robots-Tag"] == "noindex"
    assert tuple(rows_of(response)[0]) == HEADER


@given(st.text(max_size=30))
def test_no_cell_is_a_formula(cell: str) -> None:
    assert not neutral(cell).startswith(FORMULA)
    assert neutral(cell).endswith(cell)


def test_a_formula_reaches_the_file_as_text() -> None:
    written = csv_file("table", ["a"], [["=1+1"], ["+1"], ["@now"], ["-2"], ["plain"]]).content.decode()
    assert written.splitlines() == ["a", "'=1+1", "'+1", "'@now", "'-2", "plain"]


def test_all_types_that_can_be_compared_are_listed(client: Client) -> None:
    response = client.get("/compare/")
    listed = {
        link.get("href"): plain(text_of(line.find("./p")))
        for line in page(response).findall(".//ul[@class='index']/li")
        for link in line.findall(".//p[@class='index-name']/a")
    }
    counts = platforms_by_type()
    comparable = ClauseType.objects.filter(pk__in=[pk for pk, count in counts.items() if count > 1])
    assert listed == {f"/compare/{kind.slug}/": f"{counts[kind.pk]} platforms" for kind in comparable}


HOSTILE = [
    "p=%00", "p=%00grok", "p=" + "x" * 10_000, "p='; DROP TABLE platforms_platform; --", "p=%FF%FE", "p=../../etc",
    "p=<script>alert(1)</script>", "p=%E2%80%AEgrok", "&".join(["p=a"] * 500), "&".join(f"p={n}" for n in range(900)),
    "p[]=grok", "p=", "p", "=", "p=%25%5F", "p=" + "%F0%9F%92%A9" * 50, "p=grok%0D%0ASet-Cookie:x", "p=\\", "p={{ 7 }}",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("address", [TRAINING, FILE, "/clauses/user-content-for-ai-training/"])
def test_hostile_questions_get_a_page(client: Client, address: str, query: str) -> None:
    response = client.get(address, QUERY_STRING=query)
    assert response.status_code in ({200, 400} if address == FILE else {200})
    assert b"<script>alert" not in response.content
    assert "Set-Cookie" not in response.headers
    if not address.endswith(".csv"):
        canonical = page(response).find(".//link[@rel='canonical']").get("href")
        asked = parse_qsl(urlsplit(canonical).query)
        assert all(re.fullmatch("[a-z0-9-]+", value) for _, value in asked)


def test_a_file_of_nobody_is_refused_with_the_reason(client: Client) -> None:
    response = client.get(FILE, {"p": ["pennowisk", "nobody"]})
    assert response.status_code == 400
    assert "No real platform of that name" in response.content.decode()


def test_an_empty_comparison_is_in_no_search_engine(client: Client) -> None:
    robots = ".//meta[@name='robots']"
    assert page(client.get("/compare/age-limits/")).find(robots).get("content") == "noindex"
    assert page(client.get(TRAINING)).find(robots) is None


def test_a_type_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get("/compare/nothing/").status_code == client.get("/compare/nothing.csv").status_code == 404
