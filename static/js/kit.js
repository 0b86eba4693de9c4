// Fills the blanks of a complaint or a letter with what the reader writes. It all stays in this window: nothing is sent
// and nothing is stored. What is written is put on the page as text, never as markup.

const text = document.querySelector("#finished-text");
const subject = text?.querySelector("[data-mail-subject]");
const body = text?.querySelector("[data-mail-body]");
const mail = document.querySelector("a[data-mailto]");
const left = document.querySelector("[data-left]");
const blanks = [...(text?.querySelectorAll("[data-blank]") ?? [])].map((element) => ({
  element,
  key: element.dataset.blank,
  hint: element.textContent,
  optional: element.closest("[data-optional]"),
}));

// Half of a pair of surrogates has no UTF-8 form, and encoding it would stop the script.
function encoded(words) {
  return encodeURIComponent(words.replace(/\p{Surrogate}/gu, "\uFFFD"));
}

// As RFC 6068 wants it: each part encoded whole, the subject one line, the lines of the body parted by CRLF.
function mailAddress() {
  const to = encoded(mail.dataset.mailto).replaceAll("%40", "@");
  const line = encoded(subject.innerText.replace(/\s+/g, " ").trim());
  return `mailto:${to}?subject=${line}&body=${encoded(body.innerText.trim().replace(/\r\n|\r|\n/g, "\r\n"))}`;
}

// A heading stays with at least one of the wishes and fields that it is for.
function lead() {
  for (const part of text.querySelectorAll("[data-with]")) {
    const kept = part.dataset.with.split(" ").some((key) => {
      const one = text.querySelector(`[data-wished="${key}"]`) ?? text.querySelector(`[data-blank="${key}"]`)?.closest("[data-optional]");
      return one && !one.hidden;
    });
    part.hidden = !kept;
  }
}

function report() {
  lead();
  const empty = blanks.filter(({ element, optional }) => !element.classList.contains("blank--filled") && !optional?.hidden);
  const words = empty.length === 1 ? "1 blank is still empty" : `${empty.length} blanks are still empty`;
  const told = empty.length ? words : "No blank is empty";
  if (left && left.textContent !== told) left.textContent = told;
  if (mail) mail.href = mailAddress();
}

function fill(control) {
  const words = control.value.trim();
  for (const { element, key, hint, optional } of blanks) {
    if (key !== control.dataset.fills) continue;
    element.textContent = words || hint;
    element.classList.toggle("blank--filled", Boolean(words));
    if (optional) optional.hidden = !words;
  }
}

function choose(box) {
  for (const line of text.querySelectorAll("[data-wished]")) {
    if (line.dataset.wished === box.dataset.wishes) line.hidden = !box.checked;
  }
}

function today() {
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" }).format(new Date());
}

function setUp(fields) {
  for (const control of fields.querySelectorAll("[data-fills]")) {
    if ("today" in control.dataset && !control.value) control.value = today();
    control.addEventListener("input", () => { fill(control); report(); });
    fill(control);
  }
  for (const box of fields.querySelectorAll("[data-wishes]")) {
    box.addEventListener("change", () => { choose(box); report(); });
    choose(box);
  }
  fields.hidden = false;
}

for (const fields of document.querySelectorAll("[data-fields]")) setUp(fields);
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
if (text) report();
