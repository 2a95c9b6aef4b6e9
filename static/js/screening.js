/* Screening beside the page that already works: keys like a mail reader's, an item that stays yours while you work on it,
   a warning before it does not, prepared reasons without a round trip. */
import { singleKeys } from "./keys.js";

const RENEW_EVERY = 5 * 60 * 1000, SOON = 5 * 60 * 1000;

const form = document.querySelector("form[data-screening]");
const dialog = document.querySelector("[data-keys-dialog]");
const status = form?.querySelector("[data-screening-status]");
const say = (text) => { status.textContent = text; };

// --- Whose it is, and until when ------------------------------------------------------------------------------------
function keep() {
  const left = form.querySelector("[data-claim-left]");
  const shown = document.querySelector("[data-server-time]");
  const ahead = shown ? Date.parse(shown.dateTime) - Date.now() : 0; // the server's clock decides, not this one
  let worked = false, warned = false;
  for (const sign of ["keydown", "pointerdown", "scroll", "input"]) {
    document.addEventListener(sign, () => { worked = true; }, { passive: true });
  }
  const renew = async () => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(form.dataset.renew, { method: "POST", body, headers: { Accept: "application/json" } });
    const text = await answer.text();
    if (answer.status === 409) { say(text); return false; }
    if (!answer.ok) return false;
    if (left) { left.dateTime = text; warned = false; }
    return true;
  };
  setInterval(async () => {
    if (!worked) return;
    worked = false;
    try { await renew(); } catch { worked = true; } // the line is down: try again at the next turn
  }, RENEW_EVERY);
  setInterval(() => {
    const rest = left ? Date.parse(left.dateTime) - Date.now() - ahead : Infinity;
    if (rest > SOON || warned) return;
    warned = true;
    say(rest > 0 ? dialog.dataset.soon : dialog.dataset.over);
  }, 15000);
  document.querySelector("form[data-extend]")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    try { if (await renew()) say(dialog.dataset.extended); } catch { event.target.submit(); }
  });
}

// --- Prepared reasons -----------------------------------------------------------------------------------------------
function insertReason() {
  const select = form.querySelector("[data-reasons]"), note = form.querySelector("#id_note");
  if (!select) return;
  form.querySelector("[data-insert]").addEventListener("click", (event) => {
    event.preventDefault();
    const text = select.selectedOptions[0]?.dataset.text;
    if (!text) return;
    note.value = [note.value.trimEnd(), text].filter(Boolean).join("\n");
    note.dispatchEvent(new Event("input", { bubbles: true }));
    note.focus();
  });
}

// --- Keys -----------------------------------------------------------------------------------------------------------
function tick(place) {
  const box = form.querySelector(`#check-${place}`);
  if (!box) return;
  box.click();
  say(`${box.labels[0].textContent.trim()}: ${box.checked ? dialog.dataset.on : dialog.dataset.off}`);
}

const choose = (verdict) => {
  const radio = form.querySelector(`#verdict-${verdict}`);
  if (radio) { radio.click(); radio.focus(); }
};
const saveAndNext = () => form.requestSubmit(form.querySelector("[data-save-next]"));
const KEYS = {
  p: () => choose("pass"),
  f: () => choose("fail"),
  c: () => choose("correct"),
  m: () => form.querySelector("#id_note").focus(),
  r: () => form.querySelector("[data-reasons]")?.focus(),
  n: saveAndNext,
  e: () => document.querySelector("form[data-extend]")?.requestSubmit(),
  b: () => document.querySelector("form[data-give-back]")?.requestSubmit(),
};

function listen() {
  const work = form.closest(".beside__work"), pill = document.querySelector("[data-keys-offer]");
  work.append(pill);
  pill.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey && form.contains(event.target)) { event.preventDefault(); saveAndNext(); }
  });
  singleKeys({
    name: "screening-keys", dialog, form, shown: (isOn) => work.toggleAttribute("data-keys-on", isOn),
    deedOf: (event) => {
      const digit = /^Digit([1-9])$/.exec(event.code);
      return digit ? () => tick(Number(digit[1]) + (event.shiftKey ? 9 : 0)) : KEYS[event.key];
    },
  });
}

if (form && dialog) {
  keep();
  insertReason();
  listen();
}
