"""Readers' words beside the words of terms, laws and this catalogue: who asks for one also looks for the others (pure).

Each line is a group of words that stand for one another here; what is before the arrow is what readers type, and is
widened; what is behind it is looked for as well. Irregular forms are listed, since stems do not bring them together.
"""

WORDS = """
own owns owned owner -> owns ownership belong belongs
make makes made -> create generate produce output
keep keeps kept hold -> keep kept retain retention store
delete deletes erase remove wipe -> delete deletion erase erasure
sell sells sold sale selling -> sell sale sold
give gives given share shares -> share disclose
train trains learn learns teach -> train training
sue sued sues lawsuit -> sue court claim lawsuit
together jointly -> class collective together
complain complaint complaints report -> complain complaint
minimum least youngest -> minimum least
kid kids child children teenager teenagers teen -> child children minor parent guardian
ban bans banned kick kicked block blocked -> suspend suspension terminate termination ban
cancel quit leave -> cancel termination end
pay pays paid price cost costs money -> pay fee fees charge
refund refunds -> refund refundable
track tracks tracking spy cookies -> track tracking cookies
ad ads advert adverts -> advertising advertisements
change changes changed -> change modify update
responsible blame fault damage damages -> liability liable damages
forbidden prohibited allowed rules -> prohibited acceptable
judge court courts -> court courts jurisdiction
prompt prompts -> prompts inputs
answer answers -> answers outputs
europe european eu -> european europe eu
britain british uk -> uk kingdom
""".strip().splitlines()


def _widened() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in WORDS:
        typed, _, looked_for = line.partition(" -> ")
        for word in typed.split():
            found[word] = tuple(other for other in looked_for.split() if other != word)
    return found


ALSO = _widened()
