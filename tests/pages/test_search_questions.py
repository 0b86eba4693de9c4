"""Twenty questions as readers ask them, with the records that answer them; written down before the search was built.

"Among the first three" means: of the one ranked list, "Best matches", with which the page begins, whatever kind of
record stands in it. A question may have several right answers; one of them has to be there.
"""

import pytest
from django.test import Client

from tests.pages.reading import page

FOUND_AT_LEAST = 18

QUESTIONS = {
    "can jasper train on my prompts": (
        "/platform/jasper-ai/jasper-privacy-policy/user-content-used-for-ai-model-training/",
        "/platform/jasper-ai/jasper-terms-of-service/terms-on-developing-jasper-models/",
    ),
    # Windsurf used to be called Codeium.
    "codeium arbitration": (
        "/platform/windsurf/windsurf-platform-terms-of-service/binding-arbitration-no-opt-out-named/",
    ),
    "how long does chatgpt keep deleted chats": (
        "/platform/chatgpt/openai-europe-privacy-policy/thirty-days-after-deletion-with-exceptions/",
    ),
    "who trains on my data": ("/clauses/user-content-for-ai-training/", "/research/training-on-what-you-type/"),
    "where do I complain about a company in france": ("/agencies/fr-cnil/",),
    " ca-p-010656 ": ("/platform/jasper-ai/jasper-privacy-policy/user-content-used-for-ai-model-training/",),
    "perplxity arbitration": (
        "/platform/perplexity/terms-of-service/arbitration-unless-you-refuse-in-30-days/",
        "/platform/perplexity/terms-of-service-eu/arbitration-even-in-the-european-edition/",
    ),
    "Art. 17 GDPR": ("/regulations/gdpr/",),
    "ccpa": ("/regulations/ccpa/",),
    "what happens to my data when I delete my deepseek account": (
        "/platform/deepseek/terms-of-service/some-data-stay-after-the-account-is-deleted/",
        "/platform/deepseek/privacy-policy/input-kept-as-long-as-the-account/",
    ),
    "midjourney privacy policy": ("/platform/midjourney/midjourney-privacy-policy/",),
    "can I sue grok together with other people?": ("/platform/grok/grok-terms-of-service/no-class-action-no-jury/",),
    "do I own what the AI makes for me": ("/clauses/ai-output-rights/",),
    "is there a minimum age": ("/clauses/age-limits/",),
    "does cursor use my code to train its models": (
        "/platform/cursor/cursor-privacy-policy/no-training-on-code-except-in-three-cases/",
        "/platform/cursor/cursor-terms-of-service/no-model-training-without-your-explicit-agreement/",
    ),
    "opt out of gemini training": (
        "/platform/google-generative-ai/privacy-policy/gemini-chats-train-models-while-keep-activity-is-on/",
    ),
    "european ai law": ("/regulations/eu-ai-act/",),
    "federal trade commission": ("/agencies/ftc/",),
    "mistral chat history": (
        "/platform/le-chat/privacy-policy/chats-kept-until-you-delete-them/",
        "/platform/le-chat/terms-of-service/thirty-days-after-switching-then-erasure/",
    ),
    "do they sell my personal information": ("/clauses/data-sharing-with-third-parties/",),
}


def best(client: Client, question: str) -> list[str]:
    """The addresses of the best matches, in their order."""
    shown = page(client.get("/search/", {"q": question})).find(".//ol[@id='best-matches']")
    return [] if shown is None else [item.find(".//a").get("href") for item in shown.findall("li")]


@pytest.mark.django_db
def test_readers_find_what_they_ask_for(client: Client) -> None:
    assert len(QUESTIONS) == 20
    missed = {
        question: found[:3]
        for question, expected in QUESTIONS.items()
        if not set(found := best(client, question)[:3]) & set(expected)
    }
    assert len(QUESTIONS) - len(missed) >= FOUND_AT_LEAST, missed


@pytest.mark.django_db
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_right_answer_is_a_page(client: Client, question: str) -> None:
    assert all(client.get(address).status_code == 200 for address in QUESTIONS[question])
