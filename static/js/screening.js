/* Screening beside the page that already works: keeps the item while somebody works on it, digits tick the checklist,
   Ctrl+Enter saves and goes on. */
const RENEW_EVERY = 5 * 60 * 1000;

const form = document.querySelector("form[data-screening]");
if (form) {
  let worked = false;
  for (const sign of ["keydown", "pointerdown", "scroll", "input"]) {
    document.addEventListener(sign, () => { worked = true; }, { passive: true });
  }
  const renew = async () => {
    if (!worked) return;
    worked = false;
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    try {
      const answer = await fetch(form.dataset.renew, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      if (answer.status === 409) form.querySelector("[data-screening-lost]").textContent = await answer.text();
    } catch {
      worked = true; // the line is down: try again at the next turn
    }
  };
  setInterval(renew, RENEW_EVERY);

  form.dataset.keysOn = "";
  form.querySelector("[data-screening-keys]").hidden = false;
  form.querySelector("[data-digits]").addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const box = form.querySelector(`#check-${CSS.escape(event.key)}`);
    if (/^[1-9]$/.test(event.key) && box) { box.click(); box.focus(); event.preventDefault(); }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); form.requestSubmit(form.querySelector("[data-ctrl-enter]")); }
  });
}
