// The findings of a verification team: saved while they are typed (saver.js), kept on the device while there is no line.

import { Saver } from "./saver.js";

const KEPT = "portal-claim:";

class Finding extends Saver {
  constructor(form) {
    super(form, form.querySelector("[data-save-state]"), form.elements.version);
    this.place = `${KEPT}${form.dataset.reader}:${form.dataset.claim}`;
    this.saved = this.current();
    this.restore();
    form.addEventListener("input", () => { this.keep(); this.typed(); });
    form.addEventListener("focusout", () => this.save());
    form.addEventListener("submit", () => { clearTimeout(this.timer); this.stopped = true; setTimeout(() => this.goOn(), 10000); });
  }

  current() {
    return JSON.stringify([this.form.elements.finding.value, this.form.elements.note.value]);
  }

  body() {
    return new FormData(this.form);
  }

  // A finding that still lacks its note, or the note its finding, waits for the rest.
  save() {
    const [finding, note] = JSON.parse(this.current());
    return !finding || (finding !== "confirmed" && !note.trim()) ? undefined : super.save();
  }

  keep() {
    try {
      localStorage.setItem(this.place, JSON.stringify({ text: this.current(), version: this.version.value }));
    } catch { /* nothing can be kept on this device: the page still holds it */ }
  }

  restore() {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(this.place)); } catch { /* not ours */ }
    if (!kept || kept.text === this.saved) return localStorage.removeItem(this.place);
    this.fill(...JSON.parse(kept.text));
    this.version.value = kept.version;
    this.typed();
  }

  fill(finding, note) {
    this.form.elements.finding.value = finding;
    this.form.elements.note.value = note;
  }

  taken() {
    if (!this.isDirty) localStorage.removeItem(this.place);
  }

  clash({ message, version, by, finding, shown, note }) {
    const panel = document.createElement("div"), said = document.createElement("p");
    panel.className = "callout callout-warning";
    said.textContent = `${message} ${by}: ${shown}. ${note}`;
    panel.append(said);
    const button = (text, then) => {
      const one = document.createElement("button");
      Object.assign(one, { type: "button", className: "btn btn-secondary btn-sm", textContent: text });
      one.addEventListener("click", () => {
        panel.remove();
        this.version.value = version;
        then();
        this.keep();
        this.goOn();
      });
      panel.append(one, " ");
    };
    button(this.form.dataset.textKeep, () => {});
    button(this.form.dataset.textTake, () => { this.fill(finding, note); this.saved = this.current(); this.taken(); });
    this.form.append(panel);
  }
}

for (const form of document.querySelectorAll("form[data-claim]")) new Finding(form);
