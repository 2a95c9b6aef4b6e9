// The scoring sheet: saved while it is typed (saver.js), a live total, what a score means, and keys for those who score
// hundreds. All of it works without this file.

import { showBoth } from "./both.js";
import { singleKeys } from "./keys.js";
import * as pack from "./pack.js";
import { Saver } from "./saver.js";

const JUST_FINAL = "judging-just-final"; // the title of the sheet made final without a line, for the next page
const LONGEST_WAIT = 3000;
const OF_THE_PAGE = ["csrfmiddlewaretoken", "version", "writer", "turn", "deed"];

class Sheet extends Saver {
  constructor(form) {
    super(form, form.querySelector("[data-save-state]"), form.elements.version);
    const { writer, turn } = form.elements;
    for (const input of [writer, turn]) input.disabled = false;
    Object.assign(this, { writer, turn, saved: this.current() });
    writer.value = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16)).join("");
    turn.value = 0;
    form.addEventListener("input", () => { this.typed(); this.keep(); });
    // Not at once: the state line may grow, and the button that was pressed must not move away under the pointer.
    form.addEventListener("focusout", () => this.schedule(300));
    form.addEventListener("submit", (event) => this.submitted(event));
    addEventListener("beforeunload", (event) => {
      if (this.isDirty && !this.leaving && (this.failed || this.stopped || !navigator.onLine)) event.preventDefault();
    });
  }

  current() {
    return JSON.stringify([...new FormData(this.form)].filter(([name]) => !OF_THE_PAGE.includes(name)));
  }

  // The number rises with each new content: the same one again is the same save (judging.actions.Writer).
  body() {
    const content = `${this.current()}${this.deed ?? ""}`;
    if (content !== this.numbered) {
      this.numbered = content;
      this.turn.value = Number(this.turn.value) + 1;
    }
    const body = new FormData(this.form);
    if (this.deed) body.set("deed", this.deed);
    return body;
  }

  // The page's own buttons save now; if that does not get through, autosave takes over again. A sheet taken along
  // offline is made final by this script, so that it can wait for the line.
  submitted(event) {
    clearTimeout(this.timer);
    if (this.kept && event.submitter?.value === "final") {
      event.preventDefault();
      this.finish();
      return;
    }
    this.turn.value = Number(this.turn.value) + 1;
    this.leaving = this.stopped = true;
    setTimeout(() => { this.leaving = false; this.goOn(); }, 10000);
  }

  async finish() {
    const missing = lines.find((line) => valueOf(line) === "" || outside(line));
    if (missing) { this.say(this.form.dataset.textIncomplete); focusOn(firstOf(missing)); return; }
    this.deed = "final";
    this.stopped = false;
    this.body(); // numbers it
    await this.keep(true);
    this.saved = null;
    this.save();
    await this.done;
    if (!this.failed) return;
    const following = await pack.next(this.form.dataset.reader, this.form.dataset.sheet);
    this.leaving = true; // it is kept: nothing is lost
    if (following) sessionStorage.setItem(JUST_FINAL, this.kept.title);
    location.href = following?.url ?? this.form.dataset.offlineUrl;
  }

  // Of a sheet taken along, what was typed last stays on the device until the portal has it.
  async keep(dirty = this.isDirty) {
    if (!this.kept) return;
    const fields = JSON.parse(this.current());
    Object.assign(this.kept, {
      fields, dirty, version: this.version.value, writer: this.writer.value, turn: this.turn.value,
      deed: this.deed ?? "", isFinal: this.deed === "final", problem: "",
    });
    await pack.put(this.kept);
  }

  async restore() {
    const { reader, sheet } = this.form.dataset;
    if (!pack.isTaken(reader)) return;
    await this.countKept(reader);
    this.kept = await pack.get(reader, sheet);
    const { kept } = this;
    if (!kept?.fields || (!kept.dirty && Number(kept.version) <= Number(this.version.value))) return;
    for (const name of ["version", "writer", "turn"]) this[name].value = kept[name];
    for (const [name, value] of kept.fields) fill([...this.form.querySelectorAll(`[name="${name}"]`)], value);
    if (!kept.dirty) { this.saved = this.current(); return; }
    this.deed = kept.deed;
    this.saved = null;
    this.schedule(0);
  }

  // What was made final without a line counts as done here, and is said to be kept.
  async countKept(reader) {
    const { length } = (await pack.all(reader)).filter((each) => each.dirty && each.isFinal);
    for (const place of document.querySelectorAll("[data-done]")) {
      place.textContent = place.textContent.replace(/\d+/, (done) => Number(done) + length);
    }
    const title = sessionStorage.getItem(JUST_FINAL);
    sessionStorage.removeItem(JUST_FINAL);
    if (title) this.say(this.form.dataset.textKept.replace("{title}", title));
  }

  taken({ next, saved }) {
    if (this.kept) this.kept.sent = saved;
    this.keep(this.isDirty);
    if (next) { this.leaving = true; location.href = next; }
  }

  stop(words) {
    this.deed = "";
    super.stop(`${words} ${this.form.dataset.textStays}`);
  }

  // Field by field, mine beside what is stored; the next save goes on from the stored version.
  clash({ message, version, by, fields }) {
    let open = fields.length;
    const settled = () => {
      if (--open > 0) return;
      this.version.value = version;
      this.saved = null;
      this.say("");
      this.goOn();
    };
    if (!open) settled();
    for (const { name, label, stored, typed } of fields) {
      const inputs = [...this.form.querySelectorAll(`[name="${name}"]`)];
      showBoth(this.form.querySelector(`[data-field~="${name}"]`), {
        message: `${label}: ${message}`, by, mine: typed || "–", stored: stored || "–", copied: this.form.dataset.textCopied,
        onMine: settled, onStored: () => { fill(inputs, stored); settled(); },
      });
    }
  }
}

function fill(inputs, value) {
  for (const each of inputs) {
    if (each.type === "radio") each.checked = each.value === value; else each.value = value;
  }
  inputs[0].dispatchEvent(new Event("input", { bubbles: true }));
}

// --- Scores ---------------------------------------------------------------------------------------------------------
const form = document.querySelector("form[data-scoring]");
const lines = [...(form?.querySelectorAll("[data-weight]") ?? [])].map((line) => ({
  line, boxes: [...line.querySelectorAll("input[name^=score-]")],
  weight: Number(line.dataset.weight), lowest: Number(line.dataset.lowest), highest: Number(line.dataset.highest),
}));
// With a comma or a point, as judging.forms.decimals takes it.
function valueOf({ boxes: [box, ...others] }) {
  if (box.type === "radio") return [box, ...others].find((each) => each.checked)?.value ?? "";
  return box.value.trim().replace(",", ".");
}
const firstOf = ({ boxes }) => boxes.find((each) => each.checked) ?? boxes[0];

function outside(line) {
  const value = valueOf(line);
  return value !== "" && !(Number(value) >= line.lowest && Number(value) <= line.highest);
}

function showScores() {
  const words = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const sum = lines.reduce((all, line) => all + (line.weight * (Number(valueOf(line)) || 0)) / line.highest, 0);
  form.querySelector("[data-total]").textContent = lines.some(outside) ? "–" : words.format(sum);
  for (const each of lines) {
    const value = valueOf(each), meaning = each.line.querySelector("[data-meaning]");
    if (!meaning) continue;
    const rows = [...each.line.querySelectorAll("[data-from]")];
    const row = rows.find(({ dataset }) => value !== "" && Number(value) >= dataset.from && Number(value) < Number(dataset.to) + 1);
    meaning.textContent = outside(each) ? "" : row?.querySelector("dd").textContent ?? "";
    each.boxes[0].classList.toggle("is-invalid", outside(each));
  }
}

function focusOn(element) {
  element.focus();
  element.select?.();
}

function onKey(event) {
  if (event.key !== "Enter") return;
  const final = form.querySelector("[data-final]");
  const at = lines.findIndex(({ boxes }) => boxes.includes(event.target));
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.requestSubmit(final);
  } else if (at >= 0) {
    event.preventDefault();
    focusOn(lines[at + 1] ? firstOf(lines[at + 1]) : final);
  }
}

if (form) {
  const dialog = document.querySelector("[data-keys-dialog]");
  const sheet = new Sheet(form);
  // Whoever comes back at once finds what was typed: it is saved before the page is left, unless that takes long.
  const follow = (rel) => async () => {
    sheet.save();
    await Promise.race([sheet.done, new Promise((go) => { setTimeout(go, LONGEST_WAIT); })]);
    document.querySelector(`a[rel=${rel}]`)?.click();
  };
  const toTheFirstEmpty = () => focusOn(firstOf(lines.find((each) => valueOf(each) === "") ?? lines[0]));
  const keys = { s: toTheFirstEmpty, j: follow("next"), k: follow("prev") };
  sheet.restore().catch(() => { /* nothing is kept here */ });
  form.addEventListener("input", showScores);
  form.addEventListener("keydown", onKey);
  singleKeys({ name: "scoring-keys", dialog, form, deedOf: ({ key }) => keys[key] });
  showScores();
}
