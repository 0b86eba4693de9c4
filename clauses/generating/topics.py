"""What generated clauses of each type are about (pure): things, what is done with them, and a limit that may stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """`things` are noun phrases, `deeds` what is done to them (base form), `limits` ends of a sentence."""

    things: tuple[str, ...]
    deeds: tuple[str, ...]
    limits: tuple[str, ...]


def _topic(things: str, deeds: str, limits: str) -> Topic:
    return Topic(*(tuple(part.strip() for part in listed.split(";")) for listed in (things, deeds, limits)))


TOPICS: dict[str, Topic] = {
    "data-retention": _topic(
        "personal data; your content; backup copies; account records; deleted items; log files; billing records",
        "keep; retain; store; preserve; erase; archive",
        "for as long as necessary; until you close your account; for as long as the law requires; even after deletion",
    ),
    "user-content-for-ai-training": _topic(
        "your prompts; your conversations; the files you upload; your content; generated output; voice recordings",
        "use to train our models; analyse to improve our models; review to develop new models; feed into training",
        "unless you opt out; unless you switch the setting off; in anonymised form only; whatever plan you have",
    ),
    "arbitration-and-class-waiver": _topic(
        "any dispute; every claim; a class action; a jury trial; small claims; an unsettled complaint",
        "settle by binding arbitration; bring before an arbitrator; waive; resolve without a court",
        "unless you refuse in writing; on an individual basis only; under the rules of the arbitrator",
    ),
    "data-sharing-with-third-parties": _topic(
        "personal information; contact details; usage data; advertising identifiers; order records; your location",
        "share with third parties; disclose to our partners; sell to advertisers; transfer to affiliates",
        "for their own marketing; for a business purpose; as part of a merger; where you have agreed",
    ),
    "data-access-and-deletion": _topic(
        "a copy of your data; your personal data; incorrect records; your account; the right of access",
        "request; correct; delete; download; receive in a portable form",
        "through the privacy form; within the time the law sets; after we verify who you are",
    ),
    "acceptable-use-restrictions": _topic(
        "the service; automated tools; harmful content; competing products; scraped data; security measures",
        "misuse; reverse engineer; resell; scrape; circumvent; overload",
        "without our written permission; for any unlawful purpose; to build a competing service",
    ),
    "indemnification": _topic(
        "claims by others; legal costs; attorneys' fees; losses and damages; claims about your content",
        "pay for; defend us against; indemnify us for; hold us harmless from",
        "arising from your use; including reasonable legal fees; at your own expense",
    ),
    "account-termination": _topic(
        "your account; access to the service; inactive accounts; your workspace; published content",
        "suspend; terminate; close; restrict; disable without notice",
        "at our sole discretion; for any reason or none; if you break these terms; without liability to you",
    ),
    "ai-deployment-thresholds": _topic(
        "frontier models; risk evaluations; capability thresholds; safety mitigations; model releases",
        "evaluate before release; withhold; deploy; assess for catastrophic risk",
        "before deployment; until the risk is reduced; as our framework describes",
    ),
    "ai-model-routing": _topic(
        "your requests; selected models; partner models; long prompts; model versions",
        "route to another model; forward to a provider; answer with a different model",
        "whatever you select; to keep the service available; without notice",
    ),
    "content-licence": _topic(
        "a licence to your content; user submissions; public posts; derivative works; feedback",
        "host; reproduce; adapt; sublicense; display publicly",
        "worldwide and free of charge; for as long as the content exists; to operate the service",
    ),
    "liability-limitation": _topic(
        "our total liability; indirect damages; lost profits; loss of data; consequential losses",
        "limit; exclude; cap; disclaim",
        "to the fees you paid; to the fullest extent the law permits; even if we were warned",
    ),
    "unilateral-changes": _topic(
        "these terms; this policy; the fees; features of the service; material changes",
        "change; modify; amend; revise at any time; replace",
        "by posting a new version; without prior notice; with effect from the day of posting",
    ),
    "ai-output-rights": _topic(
        "generated output; ownership of output; similar results; your inputs; created images",
        "own; assign; use commercially; claim rights in",
        "as between you and us; where the law allows; without any warranty",
    ),
    "automatic-renewal": _topic(
        "your subscription; paid plans; the free trial; renewal fees; the payment method",
        "renew automatically; charge; bill in advance; cancel before renewal",
        "unless you cancel; at the price then current; without a refund",
    ),
    "governing-law-and-venue": _topic(
        "these terms; legal proceedings; the courts; any lawsuit; conflicts of law",
        "govern; submit to; bring exclusively before; interpret",
        "under the laws of the state; with exclusive jurisdiction; where the company is established",
    ),
    "tracking-and-advertising": _topic(
        "cookies; advertising identifiers; browsing activity; similar technologies; interest profiles",
        "track; measure across sites; personalise; combine for advertising",
        "on other websites; unless you refuse cookies; with our advertising partners",
    ),
    "age-limits": _topic(
        "children; users under sixteen; a parent or guardian; minors; the age of consent",
        "exclude; verify; ask for consent; delete the data of",
        "who are under 13; without the consent of a parent; where the local law sets another age",
    ),
}
OTHER = _topic(
    "the service; personal data; your account; these terms",
    "change; use; keep; restrict",
    "where the law allows; at our discretion",
)


def topic_of(slug: str) -> Topic:
    """That of a clause type, by its slug; a general one for types that nobody wrote words for."""
    return TOPICS.get(slug, OTHER)
