// Reading mode: what is selected in the text is told as a slice of the stored text, in code points, and taken by a
// button; links lead to places in parts of the text that have not come yet; the suggestions of a type stand out.
// Without this file words are taken by the numbers of sentences, or pasted.

const text = document.getElementById("text");
const bar = document.getElementById("selection-bar");
const count = document.getElementById("selection-count");
const marks = globalThis.CSS?.highlights && globalThis.Highlight ? new Highlight() : null;
if (marks) CSS.highlights.set("taken", marks);
let selected = "";

// Places

// The stored text counts code points; strings here count halves of them.
function codePoints(words) {
  return [...words].length;
}

function place(run, words) {
  const at = Number(run.dataset.at);
  const to = Number(run.dataset.to);
  const whole = codePoints(run.textContent);
  const count = codePoints(words);
  if (!count) return at;
  return count === whole || whole !== to - at ? to : at + count;
}

function runsIn(range) {
  const root = range.commonAncestorContainer;
  const element = root.nodeType === Node.ELEMENT_NODE ? root : root.parentElement;
  const own = element.closest(".run");
  if (own) return [own];
  return [...element.querySelectorAll(".run")].filter((run) => range.intersectsNode(run));
}

// The slice from the first selected character to the last, "" where no word of the text is selected.
function sliceOf(range) {
  let first = null;
  let last = null;
  for (const run of runsIn(range)) {
    const node = run.firstChild;
    if (!node) continue;
    const from = range.startContainer === node ? range.startOffset : 0;
    const to = range.endContainer === node ? range.endOffset : node.length;
    if (from >= to) continue;
    first ??= place(run, node.data.slice(0, from));
    last = place(run, node.data.slice(0, to));
  }
  return first === null || first >= last ? "" : `${first}-${last}`;
}

function look() {
  const selection = document.getSelection();
  const inside = selection.rangeCount && !selection.isCollapsed && text.contains(selection.anchorNode) && text.contains(selection.focusNode);
  if (!inside) {
    // A click on a button of the bar ends the selection on some phones: what was selected stays known until then.
    if (text.contains(selection.anchorNode)) forget();
    return;
  }
  selected = sliceOf(selection.getRangeAt(0));
  const words = selection.toString().split(/\s+/).filter(Boolean).length;
  if (!bar) return;
  bar.hidden = !selected;
  count.textContent = selected ? `${words} ${words === 1 ? "word" : "words"} selected` : "";
  const field = document.getElementById("selected");
  if (field) field.value = selected;
  document.getElementById("selection-add").hidden = !document.getElementById("taking")?.dataset.spans;
}

function forget() {
  selected = "";
  if (bar) bar.hidden = true;
  const field = document.getElementById("selected");
  if (field) field.value = "";
}

let waiting = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 120);
});

// Words that were taken

function rangeOf(start, end) {
  const range = document.createRange();
  let begun = false;
  for (const run of text.querySelectorAll(".run")) {
    const at = Number(run.dataset.at);
    const to = Number(run.dataset.to);
    if (to <= start || at >= end || !run.firstChild) continue;
    const units = (offset) => [...run.firstChild.data].slice(0, Math.max(0, offset)).join("").length;
    const plain = codePoints(run.textContent) === to - at;
    if (!begun) range.setStart(run.firstChild, plain ? units(start - at) : 0);
    begun = true;
    range.setEnd(run.firstChild, plain ? units(end - at) : run.firstChild.length);
  }
  return begun ? range : null;
}

function showTaken() {
  if (!marks) return;
  marks.clear();
  for (const span of (document.getElementById("taking")?.dataset.spans ?? "").split(" ").filter(Boolean)) {
    const range = rangeOf(...span.split("-").map(Number));
    if (range) marks.add(range);
  }
}

function taken() {
  document.getSelection().removeAllRanges();
  forget();
  for (const run of text.querySelectorAll(".run--taken")) run.classList.remove("run--taken");
  showTaken();
  const wrong = document.querySelector("#taking .errorlist, #taking [data-tone=error]");
  const title = document.getElementById("id_title");
  const goal = wrong || !title ? document.getElementById("taking-title") : title;
  goal.focus();
  goal.scrollIntoView({ block: "nearest" });
}

// Sentences, by their numbers

function takeSentences(first, last) {
  document.getElementById("selected").value = "";
  document.getElementById("first-sentence").value = first;
  document.getElementById("last-sentence").value = last;
  document.querySelector("#taking-form [name=_take]").click();
}

let lastNumber = 0;
text.addEventListener("click", (event) => {
  const number = event.target.closest(".sentence-number");
  if (!number || event.ctrlKey || event.metaKey || !document.getElementById("taking-form")) return;
  event.preventDefault();
  const here = Number(number.dataset.number);
  takeSentences(event.shiftKey && lastNumber ? lastNumber : here, here);
  lastNumber = here;
});

// In the field of the title, Enter means the clause; the first button of the form only looks.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.id !== "id_title") return;
  event.preventDefault();
  document.querySelector("#taking-form [name=_new_clause]").click();
});

// Places in parts that have not come yet

async function arrived(part) {
  const waitingFor = document.getElementById(`part-${part}`);
  if (!waitingFor?.classList.contains("part--waiting")) return;
  const settled = new Promise((resolve) => {
    document.addEventListener("htmx:afterSettle", function heard() {
      if (document.getElementById(`part-${part}`)?.classList.contains("part--waiting")) return;
      document.removeEventListener("htmx:afterSettle", heard);
      resolve();
    });
  });
  htmx.trigger(waitingFor, "needed");
  await settled;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-in-part], a.clause-link");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.inPart) await arrived(link.dataset.inPart);
  const goal = document.getElementById(new URL(link.href).hash.slice(1));
  if (!goal) return;
  goal.closest("details")?.setAttribute("open", "");
  goal.scrollIntoView({ block: "center" });
  for (const element of document.querySelectorAll(".is-goal")) element.classList.remove("is-goal");
  goal.classList.add("is-goal");
  if (!goal.hasAttribute("tabindex")) goal.setAttribute("tabindex", "-1");
  goal.focus({ preventScroll: true });
  at = [...document.querySelectorAll(".reading-suggestions a")].indexOf(link);
});

// Suggestions

let at = -1;

function step(by) {
  const links = [...document.querySelectorAll(".reading-suggestions a")];
  if (!links.length) return;
  at = (at + by + links.length) % links.length;
  const on = document.activeElement;
  links[at].click();
  on?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (event.target.id === "suggestion-on") step(1);
  if (event.target.id === "suggestion-back") step(at < 0 ? 0 : -1);
});

function standOut() {
  const chosen = document.getElementById("types").dataset.chosen;
  for (const sentence of text.querySelectorAll("[data-types]")) {
    sentence.classList.toggle("is-suggested", sentence.dataset.types.split(" ").includes(chosen));
  }
  const field = document.querySelector("#taking-form [name=type]");
  if (field) field.value = chosen;
  for (const id of ["suggestion-back", "suggestion-on"]) {
    const button = document.getElementById(id);
    if (button) button.hidden = false;
  }
}

// What came

let focused = "";
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "types") focused = document.activeElement?.id ?? "";
});
document.addEventListener("htmx:afterSwap", (event) => {
  const id = event.detail.target.id;
  if (id === "taking") taken();
  else if (id === "types") {
    at = -1;
    standOut();
    (document.getElementById(focused) ?? document.getElementById("types")).focus({ preventScroll: true });
  } else {
    standOut();
    showTaken();
  }
});

standOut();
showTaken();
