"""The search page: grouped, counted, honest about what it left out, and calm whatever is typed."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clauses.actions import save_provision
from clauses.asking import ask
from clauses.catching_up import search_outdated
from clauses.models import Provision, RegistryEntry, SearchEntry
from clauses.searching import KINDS, look_through, search, suggest
from clauses.searching.excerpts import Run, cut, runs
from clauses.searching.lines import Line
from clauses.vocabulary import ProvisionState
from conductatlas import actors
from platforms.actions import save_document, save_jurisdiction, save_platform
from platforms.editions import forget
from platforms.models import Jurisdiction
from tests import factories
from tests.copies import clause_like
from tests.pages.reading import find_all, main_text, page
from tests.pages.test_search_questions import QUESTIONS, best

pytestmark = pytest.mark.django_db
JASPER = "/platform/jasper-ai/jasper-privacy-policy/user-content-used-for-ai-model-training/"


def test_a_long_question_is_cut_and_a_short_one_is_asked_for(client: Client) -> None:
    assert len(ask("ab " * 1000).text) <= 200
    assert "Ask in plain words" in main_text(client.get("/search/"))
    assert "Ask in plain words" in main_text(client.get("/search/", {"q": " \t "}))
    assert "holds no word that can be looked for" in main_text(client.get("/search/", {"q": "?!"}))
    assert "holds no word that can be looked for" in main_text(client.get("/search/", {"q": "-jasper"}))


def test_words_are_marked_where_they_stand(client: Client) -> None:
    response = client.get("/search/", {"q": "can jasper train on my prompts"})
    marked = {element.text.lower() for element in page(response).findall(".//ol[@id='best-matches']//mark")}
    assert {"jasper", "prompts"} & marked
    assert {"training", "train"} & marked
    assert {"can", "on", "my"} & marked == set()
    assert "The words:" in main_text(response) or "Our analysis:" in main_text(response)


def test_a_former_name_is_said(client: Client) -> None:
    text = main_text(client.get("/search/", {"q": "codeium"}))
    assert "Windsurf" in text
    assert "called Codeium" in text or "formerly Codeium" in text
    assert "Codeium" not in main_text(client.get("/search/", {"q": "windsurf"})).replace("codeium", "")


@pytest.mark.parametrize("typed", ["CA-P-010656", " ca-p-010656 ", "ca p 10656", "CA-P-10656"])
def test_a_record_id_leads_to_its_record(client: Client, typed: str) -> None:
    assert best(client, typed) == [JASPER]


def test_every_kind_of_record_id_is_known(client: Client) -> None:
    assert best(client, "CA-C-000004") == ["/change/CA-C-000004/"]
    document = Provision.objects.with_place().get(number=10656).document
    assert best(client, document.record_id) == [document.get_absolute_url()]
    assert "/versions/" in best(client, "CA-S-000001")[0]
    assert best(client, "CA-P-999999") == []


def test_a_slip_in_a_name_is_mended_and_can_be_insisted_on(client: Client) -> None:
    response = client.get("/search/", {"q": "jaspr"})
    assert "Showing results for jasper" in main_text(response)
    assert best(client, "jaspr")[0] == "/platform/jasper-ai/"
    insisting = [link.get("href") for link in find_all(response, ".//main//a") if "exact=1" in (link.get("href") or "")]
    assert insisting
    insisted = main_text(client.get(f"/search/{insisting[0]}"))
    assert "Nothing found for “jaspr”" in insisted
    assert "Jasper AI" in insisted, "the nearest name is proposed"


def test_a_plain_word_that_no_record_holds_is_no_slip() -> None:
    found = search(ask("retention period after account closure windsurf"))
    assert found.corrected == ""
    assert "Windsurf" in {item.line.platform for item in found.best[:2]}


@pytest.mark.parametrize(
    ("typed", "name"),
    [("chat gpt training", "ChatGPT"), ("Deep Seek training", "DeepSeek"), ("git hub copilot", "GitHub")],
)
def test_a_name_typed_as_two_words_is_that_name(client: Client, typed: str, name: str) -> None:
    text = main_text(client.get("/search/", {"q": typed}))
    assert "No record holds" not in text
    assert name in text.partition("Best matches")[2][:300]


def test_what_does_not_hold_all_the_words_is_not_said_to(client: Client) -> None:
    text = main_text(client.get("/search/", {"q": "jasper advertising children"}))
    assert "No record holds all of these words; these hold most of them" in text
    assert "Jasper AI" in text
    assert "hold most of them" not in main_text(client.get("/search/", {"q": "arbitration"}))


def test_words_that_no_record_holds_are_named(client: Client) -> None:
    text = main_text(client.get("/search/", {"q": "zebrafish training quokka"}))
    assert "No record holds “zebrafish” or “quokka”; these hold the other words, or most of them." in text
    assert search(ask("zebrafish training")).unheld == ("zebrafish",)
    assert search(ask("training")).unheld == ()


def test_operators_are_taken_by_the_letter() -> None:
    def titles(question: str) -> set[str]:
        return {item.line.record_id for item in _clauses(question)}

    every = titles('"class action"')
    assert titles('"class action" -California') < every
    assert titles('"class action" -class') == set(), "what is not wanted is not shown for want of anything else"
    assert titles("jasper OR windsurf") >= titles("jasper") | titles("windsurf")
    assert titles("jasper OR windsurf") != titles("jasper or windsurf"), "a small or is only a word"


def test_nothing_found_says_so_and_helps(client: Client) -> None:
    text = main_text(client.get("/search/", {"q": "qqqwwweee"}))
    assert "Nothing found for “qqqwwweee”" in text
    assert "What may help" in text


def test_invented_platforms_are_marked(client: Client) -> None:
    response = client.get("/search/", {"q": "pennowisk"})
    entries = page(response).findall(".//ol[@id='best-matches']/li")
    assert entries
    assert all(entry.find(".//*[@class='invented-mark']") is not None for entry in entries)


def test_invented_platforms_come_last_and_are_counted_apart(client: Client) -> None:
    found = search(ask("cookies"))
    assert found.invented
    assert found.best[0].line.invented is False
    assert [item.line.invented for item in found.best] == sorted(item.line.invented for item in found.best)
    clauses = look_through(ask("cookies"), "clauses", page=1).groups[0]
    assert clauses.held == sum(not item.line.invented for item in clauses.items)
    assert clauses.invented == sum(item.line.invented for item in clauses.items) > 0
    assert [item.line.invented for item in clauses.items] == sorted(item.line.invented for item in clauses.items)
    assert f"and {found.invented} of an invented platform" in main_text(client.get("/search/", {"q": "cookies"}))
    alone = search(ask("pennowisk"))
    assert (alone.count, alone.held) == (0, "all")
    assert alone.best[0].line.invented


def test_passages_of_invented_platforms_come_last_and_are_counted_apart() -> None:
    for name, invented in (("Wordwerk", False), ("Madeup", True)):
        document = factories.a_document(factories.a_platform(name=name, invented=invented))
        factories.a_snapshot(document, f"# Terms\n\nBeginning.\n\n{factories.SOLD}\n")
    group = look_through(ask('"sell what you write"'), "passages", page=1).groups[0]
    assert (group.held, group.invented) == (1, 1)
    assert [item.line.platform for item in group.items] == ["Wordwerk", "Madeup"]


def test_counts_are_those_of_the_groups_looked_through() -> None:
    found = search(ask("training"))
    assert found.groups
    for group in found.groups:
        seen, number = [], 1
        while items := look_through(ask("training"), group.slug, page=number).groups[0].items:
            seen += [item.line.address for item in items]
            number += 1
        assert len(seen) == group.count + group.invented
        assert group.slug == "passages" or len(set(seen)) == len(seen)
    shown = [*found.best, *(item for group in found.groups if group.slug != "passages" for item in group.items)]
    assert len({item.line.address for item in shown}) == len(shown), "nothing is shown twice"


def test_groups_are_looked_through_page_by_page(client: Client) -> None:
    first = client.get("/search/?q=training&in=clauses")
    assert "Page 1 of" in main_text(first)
    assert [link.get("rel") for link in find_all(first, ".//nav[@class='pages']/a")] == ["next"]
    assert "There is no page 40 of these results" in main_text(client.get("/search/?q=training&in=clauses&page=40"))
    for wrong in ("0", "-3", "x", "²", "99999999999999999999"):
        assert client.get(f"/search/?q=training&in=clauses&page={wrong}").status_code == 200
    assert "Best matches" in main_text(client.get("/search/?q=training&in=nonsense"))


def test_a_law_that_is_named_is_found_whatever_else_is_asked_of_it() -> None:
    best = [item.line.address for item in search(ask("GDPR right to erasure")).best]
    assert best[0] == "/regulations/gdpr/", "one agency holds two of the words, which is hardly an answer"


def test_a_question_about_a_platform_is_answered_by_clause_types_too() -> None:
    for question, expected in (
        ("who owns the images midjourney makes", "/clauses/ai-output-rights/"),
        ("does perplexity sell my data", "/clauses/data-sharing-with-third-parties/"),
        ("chatgpt refund after cancelling subscription", "/clauses/automatic-renewal/"),
    ):
        found = search(ask(question))
        assert expected in [item.line.address for item in found.best], question
        for group in found.groups:
            again = look_through(ask(question), group.slug, page=1).groups[0]
            assert (again.held, again.invented) == (group.held, group.invented), (question, group.slug)


def test_who_complains_about_a_platform_is_shown_the_agencies_its_clauses_name(client: Client) -> None:
    question = "how do I complain about grok in germany"
    first = next(item for item in search(ask(question)).best if item.kind == "agency")
    assert first.line.address == "/agencies/eu-dpas/"
    text = main_text(client.get("/search/", {"q": question}))
    assert "named by clauses of Grok" in text
    assert "these hold most of them or answer a part of the question" in text
    every = look_through(ask(question), "agencies", page=1).groups[0]
    named = {
        f"/agencies/{agency}/"
        for provision in Provision.objects.published().filter(document__platform__slug="grok")
        for analysis in provision.analyses.published()
        for agency in analysis.agencies.values_list("agency__slug", flat=True)
    }
    assert named <= {item.line.address for item in every.items}
    assert {item.line.address for item in every.items if item.named_by} == named
    assert not any(item.named_by for item in look_through(ask("complain"), "agencies", page=1).groups[0].items)


def test_an_excerpt_shows_the_rarest_of_the_words() -> None:
    for item in search(ask("deepseek servers in china")).best[1:2]:
        assert "China" in {run.text for run in item.excerpt.words if run.marked}


def test_passages_of_the_platform_hold_most_of_the_words_where_none_holds_all(client: Client) -> None:
    for name in ("Wordwerk", "Otherwerk"):
        document = factories.a_document(factories.a_platform(name=name))
        factories.a_snapshot(document, f"# Terms\n\nBeginning.\n\n{factories.SOLD}\n")
    question = "does wordwerk sell what I write to zebras"
    group = next(group for group in search(ask(question)).groups if group.slug == "passages")
    assert group.most
    assert {item.line.platform for item in group.items} == {"Wordwerk"}


def test_a_removed_clause_is_not_found() -> None:
    provision = factories.a_published().provision
    name = provision.document.platform.name
    assert any(item.line.address == provision.get_absolute_url() for item in _clauses(name))
    provision.state = ProvisionState.REMOVED
    save_provision(provision, by=actors.catalogue())
    assert all(item.line.address != provision.get_absolute_url() for item in _clauses(name))


def _clauses(question: str) -> list:
    return list(look_through(ask(question), "clauses", page=1, insist=True).groups[0].items)


def test_passages_of_current_texts_answer_who_says_a_sentence(client: Client) -> None:
    document = factories.a_document(factories.a_platform(name="Wordwerk"))
    factories.a_snapshot(document, f"# Terms\n\nBeginning.\n\n{factories.SOLD}\n")
    text = main_text(client.get("/search/", {"q": "which policies say 'sell what you write'?"}))
    assert "Passages of current texts" in text
    assert "Wordwerk" in text
    assert "hold the quoted words" in text
    document.retired_on = date(2026, 2, 1)
    save_document(document, by=actors.catalogue())
    assert "Wordwerk" not in main_text(client.get("/search/", {"q": "'sell what you write'"})), "it is no current text"
    assert "withdrawn by the platform" in main_text(client.get("/search/", {"q": f"wordwerk {document.title}"}))
    document.retired_on = None
    save_document(document, by=actors.catalogue())
    assert "Wordwerk" in main_text(client.get("/search/", {"q": "'sell what you write'"}))
    factories.a_snapshot(document, "# Terms\n\nBeginning.\n\nAnother thing.\n", day="2026-03-01")
    assert "Wordwerk" not in main_text(client.get("/search/", {"q": "'sell what you write'"}))


@pytest.mark.parametrize("question", ["training", "codeium arbitration", "jaspr", '"class action" OR arbitration'])
def test_more_records_take_no_more_queries(client: Client, question: str) -> None:
    def asked() -> int:
        forget()
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": question})
        return len(captured)

    before = asked()
    model = Provision.objects.select_related("document", "clause_type").get(number=10656)
    for number in range(6):
        clause_like(model, platform=f"Copy {number}")
        clause_like(model, document=model.document, slug=f"copy-{number}")
    assert asked() <= before <= 16


def test_a_box_that_is_typed_in_gets_a_short_list(client: Client) -> None:
    def suggested(typed: str, target: str = "suggestions") -> str:
        return client.get("/search/", {"q": typed}, headers={"HX-Request": "true", "HX-Target": target}).text

    assert "/platform/jasper-ai/" in suggested("jas")
    assert "/clauses/arbitration-and-class-waiver/" in suggested("arbitrati")
    assert 'id="header-suggestions-1"' in suggested("perpl", "header-suggestions")
    assert suggested("qqqwwweee").strip() == ""
    assert suggested("training").count('role="option"') <= 7
    assert "HX-Target" in client.get("/search/?q=jas").headers["Vary"]
    assert "<html" in suggested("jas", "something-else")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("jas", "/platform/jasper-ai/"),
        ("chatg", "/platform/chatgpt/"),
        ("le cha", "/platform/le-chat/"),
        ("codei", "/platform/windsurf/"),
        ("copil", "/platform/github-copilot/"),
        ("penno", "/platform/pennowisk/"),
    ],
)
def test_a_name_that_is_begun_is_proposed_before_what_is_said_of_it(typed: str, expected: str) -> None:
    addresses = [item.line.address for item in suggest(ask(typed)).best]
    assert expected in addresses[:2]


def test_a_line_says_what_its_record_says_now(client: Client) -> None:
    def lines(question: str) -> dict[str, Line]:
        return {item.line.address: item.line for item in search(ask(question)).best}

    analysis = factories.a_published()
    provision, document = analysis.provision, analysis.provision.document
    found = lines(document.platform.name)[provision.get_absolute_url()]
    assert (found.record_id, found.platform, found.facts) == (
        provision.record_id, document.platform.name, [document.title]
    )  # fmt: skip
    assert found.severity == analysis.severity
    document.title, document.market = "Terms of another name", Jurisdiction.objects.get(code="US")
    save_document(document, by=actors.catalogue())
    assert lines(document.platform.name)[provision.get_absolute_url()].facts == ["Terms of another name"]
    document.market.name, document.market.code = "Elsewhere", "XX"
    save_jurisdiction(document.market, by=actors.catalogue())
    assert RegistryEntry.objects.get(provision=provision).market == "XX"
    assert "Elsewhere" in lines(document.platform.name)[document.get_absolute_url()].facts
    document.platform.name = "Renamed"
    save_platform(document.platform, by=actors.catalogue())
    assert lines("renamed")[provision.get_absolute_url()].platform == "Renamed"


def test_a_row_without_a_line_is_left_out_until_it_is_made_anew() -> None:
    assert not search_outdated()
    SearchEntry.objects.filter(kind="clause").update(line={})
    assert all(item.kind != "clause" for item in search(ask("training")).best)
    assert search_outdated(), "so that the server derives when it starts"
    call_command("derive", verbosity=0)
    assert not search_outdated()
    assert any(item.kind == "clause" for item in search(ask("training")).best)


def test_runs_hold_every_word_once() -> None:
    assert runs("We \x02train\x03 models") == (Run("We ", False), Run("train", True), Run(" models", False))
    assert "".join(run.text for run in runs("\x03a\x02b\x03\x02")) == "ab"
    assert [run.text for run in cut("two three", "one two three four")] == ["… two three …"]
    assert [run.text for run in cut("one", "one")] == ["one"]


def test_every_record_has_an_entry_of_a_kind_that_is_shown() -> None:
    kinds = set(SearchEntry.objects.values_list("kind", flat=True))
    assert kinds == set(KINDS.values())
    assert len(QUESTIONS) == 20
