// Small comforts on pages that already work without them. No page needs this file.
//   data-error-summary      gets the focus when a form comes back with errors
//   data-unsaved-warning    (form) asks before leaving while something typed is not sent
//   data-countdown          (time) keeps "2 hours left" fresh; the words come from Intl, once a minute, never announced

const summary = document.querySelector("[data-error-summary]");
if (summary) summary.focus();

for (const form of document.querySelectorAll("form[data-unsaved-warning]")) {
  let dirty = form.querySelector("[data-error-summary]") !== null; // what came back refused is not kept anywhere
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  form.addEventListener("portal:saved", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) { event.preventDefault(); return; }
  form.dataset.sending = "yes";
  setTimeout(() => { delete form.dataset.sending; }, 8000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.user-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.user-menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

// The rendered text is the truth; the browser's clock may be wrong, so time is counted from the page's own server time.
const shown = document.querySelector("[data-server-time]");
const countdowns = document.querySelectorAll("time[data-countdown]");
if (shown && countdowns.length) {
  const offset = Date.parse(shown.dateTime) - Date.now();
  const unit = (value, name) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: name, unitDisplay: "long" }).format(value);
  const words = (minutes) => {
    const days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24, rest = minutes % 60;
    if (days >= 7 || (days && !hours)) return unit(days, "day");
    if (days) return `${unit(days, "day")} ${unit(hours, "hour")}`;
    return hours ? `${unit(hours, "hour")} ${unit(rest, "minute")}` : unit(rest, "minute");
  };
  const left = document.documentElement.lang === "id" ? (text) => `${text} lagi` : (text) => `in ${text}`;
  setInterval(() => {
    for (const time of countdowns) {
      const minutes = Math.floor((Date.parse(time.dateTime) - Date.now() - offset) / 60000);
      if (minutes > 0) time.textContent = left(words(minutes));
    }
  }, 60000);
}

// What was kept for a lost connection must not stay behind on a shared computer: neither when somebody signs out nor
// when somebody else comes. A juror's scores that were not sent yet are shown before they could be lost (pack.js).
const packOf = (() => { try { return localStorage.getItem("judging-pack-reader"); } catch { return null; } })();
const me = document.querySelector("[data-reader].user-menu")?.dataset.reader;
if (packOf && me && packOf !== me) import("./pack.js").then(({ dropPages }) => dropPages());

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form.getAttribute("action") ?? "").includes("/logout/")) return;
  sessionStorage.clear();
  for (const key of Object.keys(localStorage)) if (key.startsWith("portal-claim:")) localStorage.removeItem(key);
  if (!packOf || packOf !== me) return;
  event.preventDefault();
  const { all, dropAll } = await import("./pack.js");
  if ((await all(me)).some((each) => each.dirty)) { location.href = "/judging/offline/"; return; }
  await dropAll(me);
  form.submit();
}, { capture: true });
