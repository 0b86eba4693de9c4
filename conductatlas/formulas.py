"""Text in the cells of a spreadsheet, which takes some texts for formulas (pure)."""

# A cell that begins so is a formula to a spreadsheet; the wide forms are, too, where people write them.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def neutral(cell: str) -> str:
    """The cell as text: an apostrophe in front keeps a spreadsheet from working it out. Apostrophes that stand before
    such a beginning already get another one, so that `meant` can take it away again.
    """
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def meant(cell: str) -> str:
    """The text that `neutral` made a cell of."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell
