// Keeps what is typed in the form of a record, in this browser, until it is saved: a closed tab or an expired login loses
// nothing. One entry for each page and person; it is offered, never put back by itself.

const form = document.querySelector('#content-main form[method="post"][id$="_form"]');
const person = document.querySelector("#user-tools strong")?.textContent.trim() ?? "";
const PREFIX = "typed:";
const LEFT = "typed-sent";
const key = `${PREFIX}${person}:${location.pathname}`;
const SKIPPED = new Set(["csrfmiddlewaretoken", "_opened_with"]);
const DAYS = 7 * 24 * 3600 * 1000;

function held(storage, name) {
  try {
    return storage.getItem(name);
  } catch {
    return null;
  }
}

function put(storage, name, value) {
  try {
    if (value === null) storage.removeItem(name);
    else storage.setItem(name, value);
  } catch {
    // A browser that keeps nothing: the page works without.
  }
}

function forgetAll() {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX)) localStorage.removeItem(name);
  } catch {
    // As above.
  }
}

function fields() {
  return [...form.elements].filter(
    (field) => field.name && !SKIPPED.has(field.name) && !["hidden", "submit", "button", "file", "password"].includes(field.type),
  );
}

function valueOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field instanceof HTMLSelectElement) {
    return [...field.selectedOptions].map((option) => [option.value, option.textContent]);
  }
  return field.value;
}

// Boxes and circles of one name are told apart by their value.
const nameOf = (field) => (["checkbox", "radio"].includes(field.type) ? `${field.name}=${field.value}` : field.name);

function typed() {
  return Object.fromEntries(fields().map((field) => [nameOf(field), valueOf(field)]));
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

function fill(field, value) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = value;
  else if (field instanceof HTMLSelectElement) {
    for (const [code, words] of value) {
      if (![...field.options].some((option) => option.value === code)) field.add(new Option(words, code));
    }
    const codes = value.map(([code]) => code);
    for (const option of field.options) option.selected = codes.includes(option.value);
  } else field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// Rows that were added to a list below the record are opened again first.
function openRows(names) {
  for (const name of names) {
    const row = /^(.+)-(\d+)-/.exec(name);
    const total = row && form.elements[`${row[1]}-TOTAL_FORMS`];
    while (total && Number(total.value) <= Number(row[2]) && Number(row[2]) < 200) {
      const before = total.value;
      document.querySelector(`#${CSS.escape(row[1])}-group .add-row a`)?.click();
      if (total.value === before) break;
    }
  }
}

function restore(values) {
  openRows(Object.keys(values));
  for (const field of fields()) if (nameOf(field) in values) fill(field, values[nameOf(field)]);
}

function offer(kept, shown) {
  const moment = new Date(kept.at);
  const today = moment.toDateString() === new Date().toDateString();
  const when = today
    ? moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
    : moment.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  const note = document.createElement("div");
  note.className = "desk-kept";
  note.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = `You typed this at ${when} and did not save it.`;
  note.append(words);
  const changed = !same(kept.opened, shown);
  if (changed) {
    const warning = document.createElement("span");
    warning.textContent = "The record has changed since: look at each field before you save.";
    note.append(warning);
  }
  const buttons = { Restore: () => restore(kept.values), Discard: () => put(localStorage, key, null) };
  for (const [label, act] of Object.entries(buttons)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.name = label.toLowerCase();
    button.textContent = label;
    button.addEventListener("click", () => {
      act();
      note.remove();
    });
    note.append(button);
  }
  form.before(note);
}

function keep() {
  const shown = typed();
  let last = shown;
  // A form that comes back with errors, or filled again, holds what was typed already.
  const refused = document.querySelector("#content-main .errornote, #conflict") !== null;
  const found = held(localStorage, key);
  if (found && !refused) {
    const kept = JSON.parse(found);
    if (Date.now() - kept.at > DAYS || same(kept.values, shown)) put(localStorage, key, null);
    else offer(kept, shown);
  }
  let waiting;
  const note = () => {
    clearTimeout(waiting);
    const values = typed();
    if (same(values, last)) return;
    last = values;
    put(localStorage, key, same(values, shown) && !refused ? null : JSON.stringify({ at: Date.now(), opened: shown, values }));
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(note, 400);
  });
  form.addEventListener("change", note);
  addEventListener("pagehide", note);
  form.addEventListener("submit", () => {
    note();
    put(sessionStorage, LEFT, key);
  });
}

// A form that was sent and is followed by a page that reports success was saved.
const sent = held(sessionStorage, LEFT);
if (sent && document.querySelector(".messagelist .success")) put(localStorage, sent, null);
put(sessionStorage, LEFT, null);
document.querySelector("#logout-form")?.addEventListener("submit", forgetAll);
if (form) keep();
