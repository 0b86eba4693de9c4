/* On wide screens the coding rules stand open beside the form; on narrow ones they are folded. */
const wide = matchMedia("(min-width: 64rem)");

for (const rules of document.querySelectorAll("details[data-open-when-wide]")) {
  const follow = () => {
    rules.open = wide.matches;
  };
  follow();
  wide.addEventListener("change", follow);
}
