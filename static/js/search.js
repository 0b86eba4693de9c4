// Search boxes that propose records while one types. htmx fetches the list; this makes box and list a combobox, as the
// ARIA practices describe it: arrow keys, Enter, Escape, and words for a screen reader. Without it the form submits.

const SHORTEST = 2; // characters, below which nothing is asked

class SearchBox {
  constructor(input) {
    this.input = input;
    this.list = document.querySelector(input.getAttribute("hx-target"));
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.list.after(this.status);
    this.list.setAttribute("role", "listbox");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    this.listen();
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    input.addEventListener("input", () => { if (this.tooShort) this.forget(); });
    input.addEventListener("htmx:beforeRequest", (event) => { if (this.tooShort) event.preventDefault(); });
    // A list that comes after the reader has gone on to something else is not shown.
    input.addEventListener("htmx:beforeOnLoad", (event) => {
      if (document.activeElement !== input || this.tooShort) event.preventDefault();
    });
    // An answer that does not come, or is an error: the list belongs to an earlier question.
    for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
      input.addEventListener(failed, () => this.forget());
    }
    list.addEventListener("htmx:afterSwap", () => this.show());
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus, so the click counts
  }

  get tooShort() { return this.input.value.trim().length < SHORTEST; }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  get chosen() { return this.list.querySelector("[aria-selected=true]"); }

  show() {
    const count = this.options.length;
    this.open(count > 0);
    this.status.textContent = count ? `${count === 1 ? "1 suggestion" : `${count} suggestions`}. Use the arrow keys to choose.` : "No suggestions.";
  }

  open(shown) {
    this.list.hidden = !shown;
    this.input.setAttribute("aria-expanded", String(shown));
    this.choose(null);
  }

  close() { if (!this.list.hidden) this.open(false); }

  forget() {
    this.close();
    this.list.replaceChildren();
    this.status.textContent = "";
  }

  choose(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  // One step along the options; beyond either end the choice is back in the box.
  step(by) {
    if (this.list.hidden) this.open(this.options.length > 0);
    const { options } = this;
    const places = options.length + 1;
    const place = options.indexOf(this.chosen) + 1;
    this.choose(options[((place + by + places) % places) - 1] ?? null);
  }

  pressed(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!this.options.length) return;
      this.step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.chosen && !this.list.hidden) {
      this.chosen.click();
    } else if (event.key === "Escape" && !this.list.hidden) {
      this.close();
    } else {
      return;
    }
    event.preventDefault();
  }
}

for (const input of document.querySelectorAll("input[type=search][hx-target]")) new SearchBox(input);
