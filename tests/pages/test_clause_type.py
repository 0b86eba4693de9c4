"""The page of a clause type: what platforms answer, who says nothing, which wordings recur, the strongest clauses."""

import re

import pytest
from django.test import Client

from clauses.figures import adoption, distribution, silence
from clauses.models import ClauseType, Provision
from clauses.type_pages import FEWEST_FOR_A_PICTURE, MOST_LISTED
from conductatlas import actors
from platforms.actions import new_edition
from tests import factories
from tests.copies import clause_like
from tests.pages.reading import main_text, page, text_of

TRAINING = "/clauses/user-content-for-ai-training/"
ARBITRATION = "/clauses/arbitration-and-class-waiver/"
ROUTING = "/clauses/ai-model-routing/"

SVG = "{http://www.w3.org/2000/svg}"

pytestmark = pytest.mark.django_db


def table_of(client: Client, address: str) -> dict[str, list[int]]:
    """The numbers of the table, by question."""
    rows = page(client.get(address)).findall(".//table[@class='figures spread']/tbody/tr")
    return {
        text_of(row.find("th")).strip().split("\n")[0].strip(): [int(cell.text) for cell in row.findall("td")]
        for row in rows
    }


@pytest.mark.parametrize("address", [TRAINING, ARBITRATION, ROUTING])
def test_table_and_figures_agree_and_rows_add_up(client: Client, address: str) -> None:
    figures = distribution(ClauseType.objects.get(slug=address.split("/")[2]))
    expected = {spread.wording: [part.count for part in spread.parts] for spread in figures.spreads}
    assert table_of(client, address) == expected
    assert all(sum(row) == figures.platforms for row in expected.values())


def test_the_picture_says_in_its_description_what_the_table_says(client: Client) -> None:
    figures = distribution(ClauseType.objects.get(slug="user-content-for-ai-training"))
    drawing = page(client.get(TRAINING)).find(f".//{SVG}svg[@role='img']")
    said = " ".join("".join(drawing.find(f"{SVG}desc").itertext()).split())
    drawn = [spread for spread in figures.spreads if spread.settled >= FEWEST_FOR_A_PICTURE]
    assert len(drawn) < len(figures.spreads)
    for spread in figures.spreads:
        told = f"{spread.wording} " + ", ".join(f"{part.verdict.label}: {part.count}" for part in spread.parts)
        assert (told in said) == (spread in drawn)
    widths = [float(part.get("width")[:-1]) for part in drawing.findall(f"{SVG}rect")]
    assert sum(widths) == pytest.approx(100 * len(drawn), abs=0.1)
    assert drawing.get("aria-labelledby") == "answers-title answers-desc"


def test_where_few_platforms_settle_a_question_a_sentence_stands_for_the_bar(client: Client) -> None:
    response = client.get(ROUTING)
    assert page(response).find(f".//{SVG}svg[@role='img']") is None
    assert "May it use another model than the one you chose? 1 of 1 platform settles it: yes 1." in re.sub(
        r"\s+", " ", main_text(response)
    )


def test_every_platform_with_a_clause_is_named_behind_each_question(client: Client) -> None:
    figures = distribution(ClauseType.objects.get(slug="user-content-for-ai-training"))
    rows = page(client.get(TRAINING)).findall(".//table[@class='figures spread']/tbody/tr")
    for row, spread in zip(rows, figures.spreads, strict=True):
        named = [link.text for link in row.findall(".//a")]
        assert len(named) == len(set(named)) == spread.total


def test_who_says_nothing_has_its_denominators(client: Client) -> None:
    kind = ClauseType.objects.get(slug="arbitration-and-class-waiver")
    silent, text = silence(kind), re.sub(r"\s+", " ", main_text(client.get(ARBITRATION)))
    assert f"In the documents of {silent.absent.count} of {silent.read} platforms read through" in text
    assert f"{silent.not_read} of {silent.catalogued} platforms in the catalogue have not been read" in text
    assert all(platform.name in text for platform in silent.absent.platforms)
    assert adoption(kind).sentence in text


def test_wordings_of_several_platforms_stand_with_their_clauses(client: Client) -> None:
    (section,) = page(client.get(ARBITRATION)).findall(".//section[@aria-labelledby='wordings']")
    text = text_of(section)
    assert "The parties will first try in good faith to settle any Dispute" in text
    links = {link.text: link.get("href") for link in section.findall(".//a")}
    assert {"Midjourney", "Windsurf"} <= set(links)
    assert all(client.get(address).status_code == 200 for address in links.values())


def test_invented_clauses_are_listed_marked_and_counted_nowhere(client: Client) -> None:
    response = client.get("/clauses/account-termination/")
    assert "No real platform in the catalogue has a published clause of this type yet" in main_text(response)
    (line,) = page(response).findall(".//li[@class='clause-line']")
    assert "Pennowisk" in text_of(line)
    assert line.find(".//span[@class='invented-mark']") is not None


def test_the_list_is_bounded_and_leads_to_all_of_them(client: Client) -> None:
    model = Provision.objects.select_related("document", "clause_type").get(number=103)
    for number in range(3):
        clause_like(model, platform=f"Copy {number}")
    response = client.get(TRAINING)
    lines = page(response).findall(".//li[@class='clause-line']")
    assert len(lines) == MOST_LISTED
    severities = [text_of(line).count("High") for line in lines]
    assert severities == sorted(severities, reverse=True)
    text = " ".join(main_text(response).split())
    assert "The 25 strongest of 34 clauses, 1 of which is of an invented platform and in no figure." in text
    assert page(response).find(".//a[@href='/clauses/?type=user-content-for-ai-training']") is not None


def test_figures_follow_the_edition(client: Client) -> None:
    kind = factories.a_clause_type()
    assert "No real platform" in main_text(client.get(kind.get_absolute_url()))
    factories.a_published(factories.a_quotation(factories.a_provision(clause_type=kind)))
    new_edition(by=actors.catalogue(), reason="a clause")
    assert "1 of 1 platform settles it: yes 1" in re.sub(r"\s+", " ", main_text(client.get(kind.get_absolute_url())))
