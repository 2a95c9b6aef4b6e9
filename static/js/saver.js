// Saves one thing while it is written, by the protocol of proposals/views/autosave.py: 3 s after the last key, at most
// every 20 s while typing, when it is left and when the page is hidden. What does not get through is tried again,
// slower each time, and at once when the line or the window is back. The same save carries the same key, so that asking
// twice saves once.
//
// A subclass says what is written: current() (a text), body() (FormData), and takes what comes back: taken(answer),
// clash(answer).

const IDLE = 3000, AT_LATEST = 20000, FIRST_RETRY = 3000, LAST_RETRY = 60000, PATIENCE = 20000, KEEPALIVE = 15000;

export class Saver {
  constructor(form, state, version) {
    Object.assign(this, { form, state, version, retry: FIRST_RETRY });
    this.done = Promise.resolve();
    addEventListener("online", () => this.again());
    addEventListener("focus", () => this.again());
    addEventListener("pagehide", () => this.save());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(); else this.again(); });
  }

  get isDirty() {
    return this.current() !== this.saved;
  }

  typed() {
    if (!this.stopped) this.say(this.isDirty ? this.form.dataset.textUnsaved : "");
    this.firstKey ??= Date.now();
    this.schedule();
  }

  schedule(wait = IDLE) {
    clearTimeout(this.timer);
    const latest = (this.firstKey ?? Date.now()) + AT_LATEST - Date.now();
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(wait, latest)));
  }

  again() {
    if (!this.isDirty || !this.failed) return;
    this.retry = FIRST_RETRY;
    this.save();
  }

  // `done` is kept when the save under way has been answered, or given up for now.
  save() {
    clearTimeout(this.timer);
    const text = this.current();
    if (this.stopped || this.busy || text === this.saved) return;
    this.done = this.sendNow(text);
  }

  async sendNow(text) {
    this.busy = true;
    this.failed = false;
    this.say(this.form.dataset.textSaving);
    try {
      await this.answered(await this.post(text), text);
    } catch {
      this.later(this.form.dataset.textOffline);
    }
    this.busy = false;
    if (!this.stopped && !this.failed && this.isDirty && this.current() !== text) this.schedule();
  }

  // Tried again by itself, up to once a minute.
  later(words, more) {
    this.say(words, more);
    this.failed = true;
    this.firstKey = null;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), this.retry * (0.75 + Math.random() / 2));
    this.retry = Math.min(this.retry * 2, LAST_RETRY);
  }

  post(text) {
    const body = this.body(), asked = `${this.version.value}|${text}`;
    if (this.asked !== asked) [this.asked, this.key] = [asked, newKey()];
    body.set("key", this.key);
    body.set("reader", this.form.dataset.reader);
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    return fetch(location.pathname, {
      method: "POST", body, redirect: "manual", keepalive: text.length < KEEPALIVE,
      headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE),
    });
  }

  async answered(response, text) {
    const readable = response.headers.get("Content-Type")?.startsWith("application/json");
    if (response.status === 401 || response.type === "opaqueredirect") return this.signedOut();
    if (response.status === 403 && !readable) return this.renewToken();
    if (response.status >= 500) throw new Error("the server is away");
    const answer = readable ? await response.json() : { message: this.form.dataset.textRefused };
    if (response.ok) {
      this.saved = text;
      this.version.value = answer.version;
      this.firstKey = null;
      this.retry = FIRST_RETRY;
      this.taken(answer);
      this.say([...answer.remarks, answer.saved].join(" "));
      this.form.dispatchEvent(new CustomEvent("portal:others", { detail: answer.others }));
    } else if (response.status === 409) {
      this.stop(answer.message);
      this.clash(answer);
    } else {
      this.stop(answer.message);
    }
  }

  stop(words) {
    this.stopped = true;
    this.say(words);
  }

  goOn() {
    this.stopped = false;
    this.schedule(0);
  }

  // Signing in again, in another tab, gives the session a new token; the page itself tells it.
  async renewToken() {
    const answer = await fetch(location.pathname);
    if (new URL(answer.url).pathname === new URL(this.form.dataset.loginUrl, location).pathname) return this.signedOut();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("main form [name=csrfmiddlewaretoken]");
    if (!token || this.form.elements.csrfmiddlewaretoken.value === token.value) throw new Error("nothing new");
    this.form.elements.csrfmiddlewaretoken.value = token.value;
    this.failed = true;
    this.schedule(0);
  }

  signedOut() {
    const link = document.createElement("a");
    Object.assign(link, { href: this.form.dataset.loginUrl, target: "_blank", rel: "noopener" });
    link.textContent = this.form.dataset.textLoginLink;
    this.later(this.form.dataset.textLogin, link);
  }

  say(text, more = null) {
    if (more ? this.state.querySelector("a")?.textContent === more.textContent : this.state.textContent === text) return;
    this.state.textContent = text;
    if (more) this.state.append(" ", more);
    this.state.classList.toggle("is-stopped", Boolean(this.stopped));
  }
}

// crypto.randomUUID exists on safe lines only.
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
