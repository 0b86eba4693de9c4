"""The words that generated policies are made of (pure). All of it was written for this purpose.

Each list stands in order of use: the first words come often, the last ones seldom (see `prose`).
"""

from __future__ import annotations


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


NOUNS = _words(
    """
    data service account information content use party right device payment product law feature request time purpose
    user provider notice access setting agreement plan file address message policy partner person period activity
    subscription section identifier claim consent term security record control company order profile document region
    software cookie support photo contact application subsidiary liability analysis model advertisement preference
    fee authority password website transaction obligation contract location language page procedure history backup
    workspace session safety code survey price balance licence invoice warranty submission comment platform report
    form network server system browser token supplier dispute court damage loss breach team member guest administrator
    publisher developer employer customer visitor recipient affiliate processor controller auditor regulator guardian
    child student teacher patient seller buyer merchant bank card currency tax refund renewal trial invitation
    newsletter promotion reward coupon contest channel group forum review rating image video recording voice sound
    transcript caption translation draft template library folder archive log metadata fingerprint signature
    certificate key credential encryption storage bandwidth quota limit threshold schedule deadline date hour
    transfer export import copy version update release fix incident outage maintenance audit test experiment
    measurement statistic trend pattern prediction score label category segment audience campaign impression click
    conversion referral link button menu screen keyboard microphone camera sensor phone tablet computer watch speaker
    vehicle household building office street city state country territory border embassy government agency ministry
    tribunal arbitrator judge jury mediator attorney witness evidence subpoena warrant order injunction settlement
    verdict appeal complaint objection correction deletion restriction portability disclosure sharing sale rental
    acquisition merger bankruptcy reorganisation assignment successor beneficiary agent representative contractor
    employee intern volunteer director shareholder investor insurer creditor debtor guarantor sponsor charity school
    university hospital clinic pharmacy laboratory library museum theatre airline hotel restaurant shop warehouse
    factory farm ship train ticket passport licence permit visa identity birthday gender nationality religion belief
    opinion union membership health diagnosis allergy prescription income salary pension loan mortgage debt asset
    property estate inheritance gift donation interest penalty fine sanction ban suspension termination closure
    reactivation recovery reset verification authentication registration enrolment onboarding tutorial guideline
    instruction manual glossary annex appendix exhibit schedule clause paragraph sentence heading definition meaning
    interpretation ambiguity conflict precedence severability waiver remedy relief compensation reimbursement credit
    voucher deposit instalment surcharge discount margin commission royalty patent trademark design invention
    prototype specification interface protocol endpoint gateway firewall proxy cluster container queue cache index
    database table row field schema query script macro plugin extension widget theme font icon banner sticker avatar
    nickname biography contact calendar reminder alarm note task project milestone budget forecast estimate
    """
)
ADJECTIVES = _words(
    """
    personal other third-party certain applicable additional legal available reasonable technical new relevant limited
    public necessary internal automated commercial free paid private written specific similar current active
    aggregated anonymous sensitive electronic financial regional mobile reliable previous separate local optional
    standard shared direct external essential minor prior independent competent educational professional unusual
    harmful unlawful fraudulent abusive misleading accurate complete outdated inactive dormant deleted archived
    encrypted pseudonymous confidential proprietary exclusive perpetual revocable worldwide royalty-free transferable
    binding final individual collective joint several statutory contractual moral medical biometric genetic political
    religious demographic geographic approximate precise historical recent recurring annual monthly weekly daily
    immediate prompt timely partial full gross net hidden visible default custom experimental preliminary stable
    portable wireless remote domestic foreign federal municipal judicial administrative criminal civil equitable
    incidental consequential punitive exemplary indirect foreseeable inevitable accidental deliberate negligent
    wilful silent audible readable printable searchable measurable affordable refundable promotional seasonal
    """
)
# Base form, then the form that says it was done.
VERBS = tuple(
    tuple(pair.split("/"))
    for pair in _words(
        """
        use/used collect/collected share/shared store/stored process/processed keep/kept provide/provided
        access/accessed disclose/disclosed delete/deleted transfer/transferred change/changed review/reviewed
        remove/removed send/sent receive/received combine/combined analyse/analysed protect/protected
        update/updated limit/limited retain/retained report/reported restrict/restricted monitor/monitored
        record/recorded suspend/suspended charge/charged cancel/cancelled display/displayed request/requested
        verify/verified improve/improved measure/measured copy/copied modify/modified publish/published
        terminate/terminated assign/assigned license/licensed host/hosted encrypt/encrypted export/exported
        import/imported correct/corrected erase/erased block/blocked filter/filtered scan/scanned label/labelled
        translate/translated summarise/summarised compare/compared match/matched link/linked tailor/tailored
        personalise/personalised recommend/recommended promote/promoted sell/sold rent/rented buy/bought
        refund/refunded renew/renewed extend/extended waive/waived enforce/enforced defend/defended
        indemnify/indemnified reimburse/reimbursed notify/notified inform/informed warn/warned contact/contacted
        invite/invited register/registered authenticate/authenticated authorise/authorised delegate/delegated
        audit/audited test/tested repair/repaired maintain/maintained replace/replaced upgrade/upgraded
        withdraw/withdrawn restore/restored reset/reset migrate/migrated duplicate/duplicated archive/archived
        index/indexed cache/cached route/routed transmit/transmitted broadcast/broadcast reproduce/reproduced
        distribute/distributed perform/performed adapt/adapted reformat/reformatted compress/compressed
        pseudonymise/pseudonymised aggregate/aggregated anonymise/anonymised infer/inferred predict/predicted
        profile/profiled segment/segmented score/scored rank/ranked investigate/investigated escalate/escalated
        settle/settled arbitrate/arbitrated litigate/litigated appeal/appealed dispute/disputed contest/contested
        object/objected refuse/refused decline/declined accept/accepted confirm/confirmed acknowledge/acknowledged
        """
    )
)
ADVERBS = _words(
    """
    also generally only automatically directly promptly reasonably securely otherwise expressly immediately
    separately jointly lawfully temporarily permanently periodically manually electronically regularly solely
    occasionally voluntarily exclusively indirectly retroactively anonymously locally globally silently routinely
    """
)
WE = ("we", "we", "we", "we", "we", "our partners", "our suppliers", "our affiliates", "our contractors")
BY_US = ("us", "us", "us", "our partners", "our suppliers", "our affiliates", "our contractors")
YOU = ("you", "you", "you", "you", "users", "account holders", "members of your organisation", "guests", "parents")
PERIODS = tuple(
    f"{count} {unit}"
    for count, unit in (
        (30, "days"), (14, "days"), (90, "days"), (12, "months"), (7, "days"), (60, "days"), (24, "months"),
        (180, "days"), (3, "years"), (48, "hours"), (6, "months"), (10, "days"), (72, "hours"), (5, "years"),
        (45, "days"), (18, "months"), (2, "years"), (21, "days"), (10, "years"), (24, "hours"), (120, "days"),
    )
)  # fmt: skip
PLACES = (
    "the European Union", "the United States", "California", "the United Kingdom", "Canada", "Germany", "Brazil",
    "Japan", "Australia", "Switzerland", "Ireland", "France", "Texas", "New Zealand", "Singapore", "Korea", "Colorado",
    "Quebec", "Illinois", "Delaware",
)  # fmt: skip
# From these the names of platforms, products and parties are put together.
ONSETS = _words("b br c cl d dr f fl g gr h j k kr l m n p pl pr qu r s sc sh sl sn sp st str t th tr v w z")
VOWELS = _words("a e i o u ai ea ie io oo ou")
ENDS = _words("n l r s x m nd rk st lt ra ro na no la lo ta to va vo ka ko mi ri zi sy ly by dio via net ware io")
COMPANIES = ("Inc.", "Ltd", "GmbH", "LLC", "B.V.", "SAS", "Pty Ltd", "AB", "Corp.", "S.p.A.")
