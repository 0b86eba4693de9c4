// Small comforts. Everything on the site can be read without this file; it keeps nothing and asks no other address.

const REPORT_SECONDS = 4;

function announcer() {
  const region = document.createElement("p");
  region.className = "visually-hidden";
  region.setAttribute("role", "status");
  document.body.append(region);
  return (words) => {
    region.textContent = words;
    setTimeout(() => { region.textContent = ""; }, REPORT_SECONDS * 1000);
  };
}

function today() {
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }).format(new Date());
}

// The words of an element as they stand on the page. "Accessed" is the reader's own day, so it is filled in only here.
function wordsOf(element) {
  for (const accessed of element.querySelectorAll("[data-accessed]")) accessed.textContent = today();
  return element.innerText.trim();
}

async function copied(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false; // no permission, or an address without https
  }
}

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

function setUpCopying(announce) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const source = document.querySelector(button.dataset.copy);
    if (!source) continue;
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const done = await copied(wordsOf(source));
      if (!done) select(source);
      const words = done ? "Copied" : "Selected: copy it with your keyboard";
      button.textContent = words;
      announce(words);
      setTimeout(() => { button.textContent = label; }, REPORT_SECONDS * 1000);
    });
  }
}

// "Where do you live?": shows what is for that place. An item without a place is always shown.
function setUpPlaces(announce) {
  for (const form of document.querySelectorAll("[data-where-filter]")) {
    const choice = form.matches("select") ? form : form.querySelector("select");
    const items = [...document.querySelectorAll("[data-where]")];
    if (!choice || items.length < 2) continue;
    form.hidden = false;
    choice.addEventListener("change", () => {
      let shown = 0;
      for (const item of items) {
        const places = item.dataset.where.split(" ").filter(Boolean);
        item.hidden = Boolean(choice.value) && places.length > 0 && !places.includes(choice.value);
        shown += item.hidden ? 0 : 1;
      }
      announce(`${shown} of ${items.length} shown`);
    });
  }
}

const announce = announcer();
setUpCopying(announce);
setUpPlaces(announce);
