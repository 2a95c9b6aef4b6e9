// The catalogue answers at once on wide screens, where the filters stand beside the list; on phones a button applies
// them together. Without this file the buttons do it everywhere.
const wide = window.matchMedia("(min-width: 62rem)");
const form = document.querySelector("[data-catalogue]");

const settle = () => {
  for (const button of form.querySelectorAll("[data-no-script]")) button.hidden = true;
  for (const apply of form.querySelectorAll(".facets__apply")) apply.hidden = wide.matches;
};
form.addEventListener("change", (event) => {
  if (event.target.name === "order" || (wide.matches && event.target.type === "checkbox")) form.requestSubmit();
});
form.addEventListener("htmx:afterSettle", settle);
wide.addEventListener("change", settle);
settle();
