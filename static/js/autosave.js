// Saves what is written in a box while it is written: 3 s after the last key, at most every 20 s while typing, when the
// box is left and when the page is hidden. Without this file the page's own buttons save the same.
//
// The form carries data-autosave and its texts; each box is a [data-question] with one textarea, a hidden version, a
// [data-counter] and a [data-save-state]. The server answers 200 {version, words, saved}, 409, 422 or 403 {message}; a
// redirect means that the session has ended. Unsaved text is kept in sessionStorage until it is acknowledged, and
// portal.js clears that on signing out.

import { countWords } from "./words.js";

const IDLE = 3000, AT_LATEST = 20000, RETRY = 10000, COUNT_EVERY = 1000;

class Box {
  constructor(form, element) {
    this.form = form;
    this.element = element;
    this.key = element.dataset.question;
    this.area = element.querySelector("textarea");
    this.version = element.querySelector("input[type=hidden]");
    this.counter = element.querySelector("[data-counter]");
    this.state = element.querySelector("[data-save-state]");
    this.saved = this.area.defaultValue;
    this.storageKey = `unsaved:${form.dataset.proposal}:${location.pathname}:${this.key}`;
    this.restore();
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("blur", () => this.save());
    this.count();
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
    sessionStorage.setItem(this.storageKey, JSON.stringify({ text: this.area.value, version, sent }));
  }

  forget() {
    sessionStorage.removeItem(this.storageKey);
  }

  typed() {
    this.keep();
    this.firstKey ??= Date.now();
    if (!this.stopped) this.say(this.form.dataset.textUnsaved);
    this.schedule();
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

  schedule(wait = IDLE) {
    clearTimeout(this.timer);
    const latest = (this.firstKey ?? Date.now()) + AT_LATEST - Date.now();
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(wait, latest)));
  }

  async save() {
    clearTimeout(this.timer);
    const text = this.area.value;
    if (this.stopped || this.busy || text === this.saved) return;
    this.busy = true;
    this.say(this.form.dataset.textSaving);
    try {
      await this.answered(await this.post(text), text);
    } catch {
      this.say(this.form.dataset.textOffline);
      this.firstKey = null;
      this.schedule(RETRY);
    } finally {
      this.busy = false;
    }
    if (!this.stopped && this.area.value !== this.saved && this.area.value !== text) this.schedule();
  }

  post(text) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    body.set("question", this.key);
    body.set(this.area.name, text);
    body.set(this.version.name, this.version.value);
    return fetch(location.href, {
      method: "POST", body, redirect: "manual", keepalive: text.length < 15000, headers: { Accept: "application/json" },
    });
  }

  async answered(response, text) {
    if (response.type === "opaqueredirect" || response.status === 401) return this.signedOut();
    const readable = response.headers.get("Content-Type")?.startsWith("application/json");
    if (response.status === 403 && !readable) return this.renewToken();
    if (!readable) throw new Error("the server failed");
    const answer = await response.json();
    if (response.ok) {
      this.saved = text;
      this.version.value = answer.version;
      this.firstKey = null;
      if (this.area.value === text) this.forget(); else this.keep();
      this.say(answer.saved);
      this.form.dispatchEvent(new Event("portal:saved"));
      return;
    }
    this.stopped = true;
    this.say(answer.message, response.status === 409 ? this.conflictButton() : null);
  }

  // Signing in again, in another tab, gives the session a new token; the page itself tells it.
  async renewToken() {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const token = page.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
    if (!token) throw new Error("the page cannot be written any more");
    this.form.elements.csrfmiddlewaretoken.value = token.value;
    this.schedule(0);
  }

  signedOut() {
    const link = document.createElement("a");
    link.href = this.form.dataset.loginUrl;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = this.form.dataset.textLoginLink;
    this.say(this.form.dataset.textLogin, link);
    this.firstKey = null;
    this.schedule(RETRY);
  }

  conflictButton() {
    const button = document.createElement("button");
    button.type = "submit";
    button.name = "then";
    button.value = "stay";
    button.className = "btn btn-secondary btn-sm";
    button.textContent = this.form.dataset.textConflictButton;
    return button;
  }

  // The page's own button saves now; if it does not get through, autosave takes over again.
  pause() {
    clearTimeout(this.timer);
    if (this.area.value !== this.saved) this.keep(true);
    this.stopped = true;
    setTimeout(() => { this.stopped = false; this.schedule(0); }, RETRY);
  }

  say(text, more = null) {
    this.state.textContent = text;
    if (more) this.state.append(" ", more);
    this.state.classList.toggle("is-stopped", Boolean(this.stopped));
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const boxes = [...form.querySelectorAll("[data-question]")].map((element) => new Box(form, element));
  form.addEventListener("submit", () => {
    for (const box of boxes) box.pause();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") boxes.forEach((box) => box.save());
  });
}
