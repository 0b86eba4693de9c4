// The registry's list is exchanged under the reader's hands: what was open stays open, the keyboard keeps its place, the
// new count is said, and the window gets the new title. Without this file the filters are a form with a button.

const form = document.getElementById("registry");
const status = document.getElementById("registry-status");
let open = [];
let focused = "";

function here(event) {
  return event.detail.target?.id === "results";
}

function settle() {
  const head = document.getElementById("count");
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (document.activeElement === document.body || document.activeElement === null) {
    (document.getElementById(focused) ?? head).focus({ preventScroll: true });
  }
  status.textContent = head.textContent.trim().replace(/\s+/g, " ");
  document.title = head.dataset.title;
}

form.addEventListener("htmx:beforeSwap", (event) => {
  if (!here(event)) return;
  // A page that names what it could not read is a page, too.
  if (event.detail.xhr.status === 400) event.detail.shouldSwap = true;
  open = [...form.querySelectorAll("details[open]")].map((element) => element.id);
  focused = document.activeElement?.id ?? "";
});
form.addEventListener("htmx:afterSwap", (event) => { if (here(event)) settle(); });
