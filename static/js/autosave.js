// Autosave of the writing pages of a proposal (see saver.js); without this file the pages' own buttons save the same.
//
// form[data-autosave] carries its texts. In a box's page each [data-question] holds one textarea, a hidden version, a
// [data-counter] and a [data-save-state]; the details page has fields, a version and one [data-save-state].
// Texts of boxes that are not acknowledged yet are kept in sessionStorage, under their reader's name; portal.js clears
// it on signing out.

import { showBoth } from "./both.js";
import { Saver } from "./saver.js";
import { countWords } from "./words.js";

const COUNT_EVERY = 1000, TELL_EVERY = 30000;

class Box extends Saver {
  constructor(form, element) {
    super(form, element.querySelector("[data-save-state]"), element.querySelector("input[type=hidden]"));
    this.element = element;
    this.name = element.dataset.question;
    this.area = element.querySelector("textarea");
    this.counter = element.querySelector("[data-counter]");
    this.saved = isUnsaved(form) ? null : this.area.defaultValue;
    this.storageKey = `unsaved:${form.dataset.reader}:${form.dataset.proposal}:${location.pathname}:${this.name}`;
    this.restore();
    this.area.addEventListener("input", () => { this.remember(); this.typed(); this.recount(); });
    this.area.addEventListener("blur", (event) => { if (!saves(event.relatedTarget)) this.save(); });
    this.count();
  }

  current() {
    return this.area.value;
  }

  body() {
    const body = new FormData();
    body.set("question", this.name);
    body.set(this.area.name, this.area.value);
    body.set(this.version.name, this.version.value);
    return body;
  }

  taken() {
    this.remember();
  }

  // What was typed back to the stored text needs no keeping: it would come back over newer words.
  remember() {
    if (this.isDirty) this.keep(); else this.forget();
  }

  // What was typed on an older version than the page now shows keeps that version, so that saving it tells of the
  // conflict instead of hiding it; what was sent with the page's own button and accepted is not brought back.
  restore() {
    const kept = JSON.parse(sessionStorage.getItem(this.storageKey) ?? "null");
    if (!kept) return;
    if (kept.text === this.saved || (kept.sent && kept.version !== this.version.value)) return this.forget();
    this.area.value = kept.text;
    this.version.value = kept.version;
    this.say(this.form.dataset.textRestored);
    this.schedule();
  }

  keep(sent = false) {
    const { value: version } = this.version;
    try {
      sessionStorage.setItem(this.storageKey, JSON.stringify({ text: this.area.value, version, sent }));
    } catch { /* the browser keeps nothing, or its store is full: the box still holds the text */ }
  }

  forget() {
    sessionStorage.removeItem(this.storageKey);
  }

  recount() {
    this.counting ??= setTimeout(() => { this.counting = null; this.count(); }, COUNT_EVERY);
  }

  count() {
    const words = countWords(this.area.value), most = Number(this.element.dataset.maxWords);
    if (!most) return;
    const over = words > most;
    const text = over ? this.element.dataset.textOver : this.element.dataset.textLeft;
    this.counter.textContent = text.replace("{words}", words).replace("{most}", most).replace("{over}", words - most);
    this.counter.classList.toggle("is-over", over);
  }

  clash({ message, stored }) {
    const settle = (text) => {
      this.version.value = stored.version;
      this.area.value = text;
      this.saved = stored.text;
      this.keep();
      this.taken();
      this.count();
      this.say("");
      this.goOn();
      this.area.focus();
    };
    showBoth(this.element, {
      message, isSaid: true, by: stored.by, mine: this.area, stored: stored.text, copied: this.form.dataset.textCopied,
      onMine: () => settle(this.area.value), onStored: () => settle(stored.text),
    });
  }

  // Somebody else's text is stored meanwhile: with nothing of one's own here it only needs to be shown.
  newer(version) {
    if (this.isDirty || this.busy || this.stopped || Number(version) <= Number(this.version.value)) return;
    const link = document.createElement("a");
    link.href = location.pathname;
    link.textContent = this.form.dataset.textNewerLink;
    this.say(this.form.dataset.textNewer, link);
  }

  // The page's own button saves now; if it does not get through, autosave takes over again.
  pause() {
    clearTimeout(this.timer);
    if (this.isDirty) this.keep(true);
  }
}

class Details extends Saver {
  constructor(form) {
    super(form, form.querySelector("[data-save-state]"), form.elements.version);
    this.saved = isUnsaved(form) ? null : this.current();
    form.addEventListener("input", () => this.typed());
    form.addEventListener("focusout", (event) => { if (!saves(event.relatedTarget)) this.save(); });
  }

  current() {
    return JSON.stringify([...this.body()].filter(([name]) => !["csrfmiddlewaretoken", "version", "key"].includes(name)));
  }

  body() {
    return new FormData(this.form);
  }

  // What was held back waits for other words, not for another try.
  save() {
    return this.current() === this.waiting ? undefined : super.save();
  }

  taken({ held_back: heldBack, merged }) {
    this.merge(merged);
    const isWhole = !Object.keys(heldBack).length;
    this.waiting = isWhole ? null : this.saved;
    if (!isWhole) this.saved = null;
    for (const each of this.form.querySelectorAll("[aria-invalid=true]")) mark(each, false);
    for (const name of Object.keys(heldBack)) for (const each of this.inputs(name).slice(0, 1)) mark(each, true);
  }

  // Others changed fields that nothing was written in here: they are shown as they are now.
  merge(merged) {
    const isUntouched = this.current() === this.saved;
    for (const [name, value] of Object.entries(merged)) fill(this.inputs(name), value);
    if (isUntouched) this.saved = this.current();
  }

  clash({ message, fields, version, merged }) {
    this.version.value = version;
    this.merge(merged);
    let open = fields.length;
    const settled = () => { if (!--open) { this.say(""); this.goOn(); } };
    for (const { name, label, value, stored } of fields) {
      const inputs = this.inputs(name);
      showBoth(this.form.querySelector(`#div_id_${name}`), {
        message: `${label}: ${message}`, by: "", mine: shown(inputs), stored: stored || "–",
        copied: this.form.dataset.textCopied, onMine: settled, onStored: () => { fill(inputs, value); settled(); },
      });
    }
  }

  inputs(name) {
    return [...this.form.querySelectorAll(`[name="${name}"]`)];
  }

  newer() {}

  pause() {
    clearTimeout(this.timer);
  }
}

// A page that was answered with errors stored nothing of what it shows.
function isUnsaved(form) {
  return "unsaved" in form.dataset;
}

// Who leaves a field for a button that saves has it saved by that button; a second save would race with it, and its
// words would move the button away under the finger.
function saves(element) {
  return element?.type === "submit";
}

function mark(input, isWrong) {
  input.classList.toggle("is-invalid", isWrong);
  if (isWrong) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
}

// What a field shows, in words.
function shown(inputs) {
  const words = inputs.map((each) => {
    if (["radio", "checkbox"].includes(each.type)) return each.checked ? each.labels[0].textContent.trim() : "";
    return each.selectedOptions ? each.selectedOptions[0].text : each.value;
  });
  return words.filter(Boolean).join("; ") || "–";
}

function fill(inputs, value) {
  for (const each of inputs) {
    if (["radio", "checkbox"].includes(each.type)) each.checked = [].concat(value).includes(each.value);
    else each.value = value;
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const boxes = [...form.querySelectorAll("[data-question]")];
  const savers = boxes.length ? boxes.map((element) => new Box(form, element)) : [new Details(form)];
  let leaving = false;
  form.addEventListener("submit", async (event) => {
    for (const saver of savers) saver.save();
    if (savers.some((saver) => saver.busy)) {  // its answer brings the version that this page must be sent with
      event.preventDefault();
      await Promise.all(savers.map((saver) => saver.done));
      // Away, leaving would only lead to the browser's own page of errors; refused, the reason stands beside the text.
      const held = savers.find((saver) => saver.failed || saver.stopped);
      if (held) held.state.scrollIntoView({ block: "nearest" });
      else form.requestSubmit(event.submitter);
      return;
    }
    if (!navigator.onLine) {
      event.preventDefault();
      savers[0].say(form.dataset.textAway);
      savers[0].state.scrollIntoView({ block: "nearest" });
      return;
    }
    leaving = true;
    for (const saver of savers) { saver.pause(); saver.stopped = true; }
    setTimeout(() => { leaving = false; for (const saver of savers) saver.goOn(); }, 10000);
  });
  if (isUnsaved(form)) for (const saver of savers) saver.schedule();
  addEventListener("beforeunload", (event) => {
    if (!leaving && savers.some((saver) => saver.isDirty)) event.preventDefault();
  });

  const presence = document.querySelector("[data-presence] span");
  const tell = (words) => { if (presence.textContent !== words) presence.textContent = words; };
  form.addEventListener("portal:others", (event) => tell(event.detail));
  const ask = async () => {
    if (document.hidden) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("page", form.dataset.page);
    try {
      const answer = await fetch(form.dataset.presenceUrl, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { others, versions } = await answer.json();
      tell(others);
      for (const saver of savers) saver.newer(versions[saver.name]);
    } catch { /* a courtesy: asked again at the next turn */ }
  };
  setInterval(ask, TELL_EVERY);
}
