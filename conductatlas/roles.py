"""The roles of the team, declared here and synced into groups: analyst, reviewer, editor."""

from django.contrib.auth.models import Group, Permission

# What can be written at all; evidence (texts, snapshots, checks, responses, proofs, payloads) comes from programs and
# is only viewed. Analysts answer the questions of the queue; reviewers judge snapshots, and decide whether a new
# reading of a page was a change of the document.
DRAFTING = (
    "add_provision",
    "change_provision",
    "add_quotation",
    "add_analysis",
    "change_analysis",
    *(
        f"{verb}_{part}"
        for part in ("answer", "action", "appliedagency", "appliedregulation")
        for verb in ("add", "change", "delete")
    ),
    "capture_by_hand",
    "add_reading",
    "change_reading",
    "add_changedprovision",
    "change_queueitem",
    "add_reviewcomment",
)
REVIEWING = ("publish_analysis", "add_change", "change_change", "add_verdict", "change_transition")
EDITED = (
    *("jurisdiction", "platform", "platformname", "document", "formeraddress"),
    *("theme", "clausetype", "question", "agency", "regulation", "regulationdate", "enforcedlaw", "researchnote"),
)
EDITING = (
    *(f"{verb}_{entry}" for entry in EDITED for verb in ("add", "change")),
    *(
        "delete_question",
        "delete_platformname",
        "delete_regulationdate",
        "delete_enforcedlaw",
        "withdraw_analysis",
        "merge_provision",
    ),
)

ROLES = {
    "analyst": DRAFTING,
    "reviewer": (*DRAFTING, *REVIEWING),
    "editor": (*DRAFTING, *REVIEWING, *EDITING),
}


def sync_roles() -> None:
    """Makes the groups and gives each exactly its permissions; everyone in a role may view all records."""
    ours = Permission.objects.filter(content_type__app_label__in=["platforms", "clauses"])
    viewing = list(ours.filter(codename__startswith="view_"))
    for role, codenames in ROLES.items():
        granted = list(ours.filter(codename__in=codenames))
        missing = set(codenames) - {permission.codename for permission in granted}
        if missing:
            raise LookupError(
                f"The role {role} names permissions that do not exist: {', '.join(sorted(missing))}. Run migrate first."
            )
        Group.objects.get_or_create(name=role)[0].permissions.set([*viewing, *granted])
