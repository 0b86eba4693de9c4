"""What holds for every file of the project: where HTML is declared safe, who may import whom, how long a module is."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("conductatlas", "platforms", "clauses")
TESTS = ROOT / "tests"
MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TOP_FLOOR = {"views.py", "urls.py"}
PURE = (
    "conductatlas/brackets.py",
    "platforms/plaintext.py",
    "platforms/changes.py",
    "platforms/furniture.py",
    "platforms/remembering.py",
    "platforms/stated.py",
    "platforms/offsets.py",
    "platforms/passages.py",
    "platforms/outlines.py",
    "platforms/redline.py",
    "platforms/pairing.py",
    "platforms/wording.py",
    "platforms/alignment.py",
    "platforms/blocks.py",
    "platforms/inline.py",
    "platforms/sentences.py",
    "platforms/spacing.py",
    "platforms/typesetting.py",
    "platforms/weighing.py",
    "platforms/terms/ahead.py",
    "platforms/capture/gate.py",
    "platforms/terms/git.py",
    "platforms/terms/history.py",
    "platforms/terms/repository.py",
    "platforms/terms/naming.py",
    "platforms/terms/mapping.py",
    "clauses/anchoring.py",
    "clauses/alike.py",
    "clauses/asking.py",
    "clauses/likeness.py",
    "clauses/cutting.py",
    "clauses/spanning.py",
    "clauses/suggesting.py",
    "clauses/taking.py",
    "clauses/quoting.py",
    "clauses/sentences.py",
    "clauses/rubric.py",
    "clauses/sheets/columns.py",
    "clauses/sheets/reading.py",
    "clauses/sheets/checking.py",
    "clauses/thesaurus.py",
    "clauses/words.py",
    "clauses/compared.py",
    "clauses/comparison.py",
    "clauses/profiles.py",
    "clauses/picturing.py",
    "clauses/recurring.py",
    "clauses/narrowing.py",
    "clauses/cursors.py",
    "clauses/facets.py",
    "clauses/citing.py",
    "clauses/origins.py",
    "clauses/blanks.py",
    "clauses/kits.py",
    "clauses/letters.py",
    "clauses/scoring.py",
    "clauses/doubles.py",
    "clauses/deadlines.py",
    "conductatlas/canonical.py",
    "conductatlas/formulas.py",
    "conductatlas/secret.py",
)
# What the whole site is put together from, above the apps; the commands of `conductatlas` stand there too.
ASSEMBLY = {"conductatlas/views.py", "conductatlas/urls.py", "conductatlas/settings.py"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> set[str]:
    """The dotted names of all that a module imports, anywhere in it, relative imports spelt out."""
    package = path.relative_to(ROOT).parent.parts
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1], node.module or ""] if node.level else [node.module or ""]
            module = ".".join(part for part in base if part)
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def below(names: set[str], *roots: str) -> set[str]:
    return {name for name in names if any(name == root or name.startswith(f"{root}.") for root in roots)}


def test_the_files_are_found():
    assert len(MODULES) > 60
    assert len(TEMPLATES) > 30
    assert all((ROOT / path).is_file() for path in (*PURE, *ASSEMBLY))


def test_html_is_declared_safe_in_one_file():
    declaring = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if (
            isinstance(node, ast.Name | ast.Attribute) and getattr(node, "id", getattr(node, "attr", "")) == "mark_safe"
        )
        or (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) in {"SafeString", "SafeText"}
        )
        or (isinstance(node, ast.FunctionDef) and node.name == "__html__")
        or (isinstance(node, ast.keyword) and node.arg == "is_safe" and getattr(node.value, "value", None) is True)
    }
    assert declaring == {"conductatlas/markdown.py"}


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/templatetags/*.py")), ids=name_of)
def test_template_tags_ask_no_database(path):
    known = imports(path)
    assert (
        below(known, "django.db", "django.apps", *(f"{app}.{part}" for app in APPS for part in ("models", "querysets")))
        == set()
    )
    assert not any(re.search(r"\.(models|querysets|figures|evidence)(\.|$)", name) for name in known)
    assert "objects" not in {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}


def test_modules_are_short_and_say_what_they_hold():
    wrong = []
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        if path.stem in {"utils", "helpers", "services", "common", "misc"}:
            wrong.append(f"{name_of(path)} has a name that says nothing")
        if "migrations" in path.parts:
            continue
        if len(text.splitlines()) > 400:
            wrong.append(f"{name_of(path)} is too long: make a package of it, named for what it holds")
        speaking = text.strip() and path.name != "apps.py" and "commands" not in path.parts
        if speaking and not ast.get_docstring(tree(path)):
            wrong.append(f"{name_of(path)} has no docstring")
    assert wrong == []


def test_test_modules_are_short_and_say_what_they_show():
    wrong = []
    for path in sorted(TESTS.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if len(text.splitlines()) > 400:
            wrong.append(f"{path.relative_to(TESTS)} is too long: split it by noun")
        if text.strip() and not ast.get_docstring(tree(path)):
            wrong.append(f"{path.relative_to(TESTS)} has no docstring")
    assert wrong == []


def test_imports_point_one_way():
    wrong = []
    for path in MODULES:
        name, known = name_of(path), imports(path)
        if path.name in TOP_FLOOR or "migrations" in path.parts:
            continue
        if name.startswith("platforms/"):
            wrong += [f"{name} imports {found}" for found in below(known, "clauses")]
        if name.startswith("conductatlas/") and name not in ASSEMBLY and "commands" not in path.parts:
            wrong += [f"{name} imports {found}" for found in below(known, "clauses", "platforms")]
    assert wrong == []


def test_views_are_imported_by_addresses_alone():
    importers = {
        name_of(path)
        for path in MODULES
        if any(re.search(r"(^|\.)views(\.|$)", name) for name in below(imports(path), *APPS))
    }
    assert importers == {"conductatlas/urls.py", "platforms/urls.py", "clauses/urls.py"}


@pytest.mark.parametrize("path", PURE)
def test_pure_modules_know_neither_django_nor_html(path):
    known = imports(ROOT / path)
    assert below(known, "django", "conductatlas.markdown", "bleach", "markdown", "psycopg") == set()
    for app in APPS:
        assert not any(re.search(r"\.(models|actions|querysets|views|admin)(\.|$)", name) for name in below(known, app))


def test_htmx_headers_are_read_in_one_file():
    reading = set()
    for path in MODULES:
        for node in ast.walk(tree(path)):
            header = (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.match(r"(HTTP_)?HX[-_]", node.value)
            )
            if header or (isinstance(node, ast.Attribute) and node.attr == "htmx"):
                reading.add(name_of(path))
    assert reading == {"conductatlas/htmx.py"}
    assert [name_of(path) for path in TEMPLATES if re.search(r"request\.htmx|HX-|HTTP_HX", path.read_text())] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_hold_nothing_that_a_policy_would_have_to_allow(path):
    text = re.sub(
        r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text) == [], "a script inline"
    assert re.findall(r"<style\b", text) == [], "a style sheet inline"
    assert re.findall(r"<[^>{]*\sstyle\s*=", text) == [], "a style attribute"
    assert re.findall(r"<[^>]*\son[a-z]+\s*=", text) == [], "a handler"
    assert re.findall(r"hx-on|hx-vals=['\"]js:|javascript:", text) == [], "a script in an attribute"
    assert re.findall(r"\|\s*(?:safe|safeseq)\b|\{%\s*autoescape\s+off", text) == [], "text that nothing has cleaned"
    elements = "script|img|source|iframe|video|audio|embed|object|input"
    fetching = rf"<(?:{elements})\b[^>]*\s(?:src|srcset|data|poster)\s*=\s*[\"']?(?:https?:)?//"
    assert re.findall(fetching, text) == [], "a file of another host"
    links = re.findall(r"<link\b[^>]*>", text)
    assert [link for link in links if re.search(r"href\s*=\s*[\"']?(?:https?:)?//", link)] == [], (
        "a file of another host"
    )


@pytest.mark.parametrize("path", sorted((ROOT / "static").rglob("*.css")), ids=name_of)
def test_style_sheets_fetch_nothing_from_elsewhere(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", text) == []


@pytest.mark.parametrize("path", sorted((ROOT / "static").rglob("*.js")), ids=name_of)
def test_scripts_make_no_code_from_text(path):
    text = path.read_text(encoding="utf-8")
    assert (
        re.findall(r"\beval\(|new Function|innerHTML|outerHTML|document\.write|insertAdjacentHTML|https?://", text)
        == []
    )


def test_no_rule_of_the_linter_about_booleans_is_switched_off_outside_the_admin():
    """`# noqa: FBT…` is for signatures that Django gives."""
    silenced = {name_of(path) for path in MODULES if re.search(r"noqa:[^\n]*FBT", path.read_text(encoding="utf-8"))}
    assert all("admin" in name for name in silenced), silenced
