// Sends a file as soon as it is chosen, shows how far it is, and sends it again when the line breaks. Without this file
// the same form sends it with its own button.
//
// form[data-upload] holds a file field, a <progress>, a [role=status] and its words in data-text-*. The server answers
// with the whole section (the form's parent) as it is now: 200 stored, 422 refused, 503 not yet (asked again later).
// The same file again is the same file there, so a retry after a lost answer stores nothing twice.

const WAITS = [1000, 2000, 4000, 8000, 15000, 30000];

class Upload {
  constructor(form) {
    this.form = form;
    this.section = form.closest("section");
    this.field = form.querySelector("input[type=file]");
    this.progress = form.querySelector("progress");
    this.state = form.querySelector("[role=status]");
    this.button = form.querySelector("[data-attach]");
    this.button.hidden = true; // a chosen file goes by itself; the button comes back where that failed
    this.field.addEventListener("change", () => this.begin());
    form.addEventListener("submit", (event) => {
      if (event.submitter?.name === "remove" || !this.field.files.length) return;
      event.preventDefault();
      this.begin();
    });
  }

  begin() {
    const file = this.field.files[0], words = this.form.dataset;
    if (!file || this.busy) return;
    if (!file.size) return this.say(words.textEmpty, true);
    if (file.size > Number(words.maxBytes)) return this.say(words.textLarge, true);
    this.attempt = 0;
    this.send(file);
  }

  send(file) {
    const request = new XMLHttpRequest(), words = this.form.dataset, body = new FormData(this.form);
    body.set("file", file);
    body.set("part", "yes");
    this.occupy(true);
    request.open("POST", location.href);
    request.setRequestHeader("Accept", "text/html");
    request.timeout = 10 * 60 * 1000;
    request.upload.addEventListener("progress", (event) => this.show(event));
    request.upload.addEventListener("load", () => this.say(words.textChecking));
    request.addEventListener("load", () => this.answered(request, file));
    for (const name of ["error", "timeout"]) request.addEventListener(name, () => this.again(file));
    request.send(body);
  }

  show(event) {
    if (!event.lengthComputable) return;
    const percent = Math.floor((event.loaded / event.total) * 100), step = Math.floor(percent / 25);
    this.progress.value = percent;
    if (step === this.step) return; // a screen reader hears four of them, not a hundred
    this.step = step;
    this.say(this.form.dataset.textSending.replace("{percent}", percent));
  }

  answered(request, file) {
    if (new URL(request.responseURL).pathname !== location.pathname) return this.stop(this.form.dataset.textLogin);
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const section = page.getElementById(this.section.id);
    if (request.status === 503 || (request.status >= 500 && !section)) {
      return this.again(file, section?.querySelector(".upload__refusal")?.textContent);
    }
    if (request.status === 403) return this.stop(this.form.dataset.textLogin);
    if (!section || section.closest("main")) return location.reload();
    this.section.replaceWith(section);
    const form = section.querySelector("form[data-upload]");
    if (!form) return;
    new Upload(form);
    form.querySelector("input[type=file]").focus();
    const state = form.querySelector("[role=status]"), words = state.textContent;
    const said = words.trim() || section.querySelector(".upload__refusal")?.textContent;
    if (!words.trim()) { state.classList.add("visually-hidden"); state.textContent = said ?? ""; }
    section.scrollIntoView({ block: "nearest" }); // the reason of a refusal stands above the field
  }

  again(file, reason = "") {
    const wait = WAITS[this.attempt], words = this.form.dataset;
    this.attempt += 1;
    if (wait === undefined) return this.stop(reason || words.textFailed);
    this.say(reason || words.textAgain.replace("{attempt}", this.attempt + 1));
    this.step = undefined;
    const go = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      this.send(file);
    };
    const timer = setTimeout(go, wait);
    addEventListener("online", go);
  }

  stop(words) {
    this.occupy(false);
    this.button.hidden = false;
    this.say(words, true);
  }

  occupy(busy) {
    this.busy = busy;
    this.progress.hidden = !busy;
    for (const control of [this.field, ...this.form.querySelectorAll("button")]) control.disabled = busy;
  }

  say(words, isProblem = false) {
    this.state.textContent = words;
    this.state.classList.toggle("invalid-feedback", isProblem);
    this.state.classList.toggle("d-block", isProblem);
  }
}

for (const form of document.querySelectorAll("form[data-upload]")) new Upload(form);
