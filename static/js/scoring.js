// The scoring sheet: a live total while scores are typed, and keys for those who score hundreds. All works without it.
//   Enter in a score goes to the next one; Ctrl+Enter (or ⌘+Enter) saves as final and goes on.

const form = document.querySelector("form[data-scoring]");
if (form) {
  const scores = [...form.querySelectorAll("input[data-weight]")];
  const total = form.querySelector("[data-total]");
  const words = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const outside = (input) =>
    input.value !== "" && (Number(input.value) < Number(input.min) || Number(input.value) > Number(input.max));
  const show = () => {
    const sum = scores.reduce((so_far, input) => so_far + Number(input.dataset.weight) * (Number(input.value) || 0), 0);
    total.textContent = scores.some(outside) ? "–" : words.format(sum / 100);
  };
  form.addEventListener("input", (event) => {
    if (!scores.includes(event.target)) return;
    event.target.classList.toggle("is-invalid", outside(event.target));
    show();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-final]"));
    } else if (scores.includes(event.target)) {
      event.preventDefault();
      const next = scores[scores.indexOf(event.target) + 1] || form.querySelector("[data-final]");
      next.focus();
      if (next.select) next.select();
    }
  });
  // A wheel over a focused number box must not change a score unnoticed.
  for (const input of scores) input.addEventListener("wheel", () => input.blur(), { passive: true });
  show();
}
