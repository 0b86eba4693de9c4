// What the server refuses, or does not hear, is said: htmx alone would leave the page as it is, without a word.

const SAID = "desk-failed";

function say(words) {
  document.getElementById(SAID)?.remove();
  const list = document.createElement("ul");
  list.className = "messagelist";
  list.id = SAID;
  list.setAttribute("role", "alert");
  const line = document.createElement("li");
  line.className = "error";
  line.textContent = words;
  list.append(line);
  document.getElementById("content-start").prepend(list);
  list.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  say(
    status === 403
      ? "This was refused: you may not do it, or your login has run out. Nothing was saved; what you typed is still here."
      : `The server answered with an error (${status}). Nothing was saved; what you typed is still here.`,
  );
});
document.addEventListener("htmx:sendError", () => {
  say("The server could not be reached. Nothing was saved; what you typed is still here.");
});
document.addEventListener("htmx:beforeRequest", () => document.getElementById(SAID)?.remove());
