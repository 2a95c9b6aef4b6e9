// The page "take along offline": fetches the pack, shows what is on this device, sends what waits, takes all of it away.

import { CACHE, READER, all, dropAll, isTaken, put } from "./pack.js";

const page = document.querySelector("[data-offline]");
const { reader, pack, worker, about } = page.dataset;
const said = page.querySelector("[data-said]"), list = page.querySelector("[data-list]");
const take = page.querySelector("[data-take]"), drop = page.querySelector("[data-drop]"), send = page.querySelector("[data-send]");
const words = page.dataset, say = (text) => { said.textContent = text; };

async function ask() {
  const answer = await fetch(pack, { headers: { Accept: "application/json" }, redirect: "manual" });
  if (!answer.ok) throw Object.assign(new Error("signed out"), { isSignedOut: true });
  return answer.json();
}

async function takeAlong() {
  const found = await ask();
  const cache = await caches.open(CACHE);
  await cache.put(about, new Response(JSON.stringify({ until: found.until })));
  localStorage.setItem(READER, reader);
  const addresses = [location.pathname, ...found.assets, ...found.sheets.map((each) => each.url)];
  if (page.querySelector("[data-with-documents]").checked) addresses.push(...found.sheets.flatMap((each) => each.documents));
  await navigator.serviceWorker.register(worker, { scope: new URL(worker, location).pathname.replace(/[^/]*$/, "") });
  for (const [at, address] of addresses.entries()) {
    say(words.textFetching.replace("{done}", at + 1).replace("{all}", addresses.length));
    const answer = await fetch(address, { redirect: "error" });
    if (!answer.ok) throw new Error(address);
    await cache.put(address, answer);
  }
  const known = new Map((await all(reader)).map((each) => [each.code, each]));
  for (const each of found.sheets) if (!known.get(each.code)?.dirty) await put({ ...each, reader, dirty: false });
  say(words.textTaken);
}

// What waits goes to the portal, each with the version it was written on; what the portal refuses stays and is named.
async function sendAll() {
  const waiting = (await all(reader)).filter((each) => each.dirty);
  if (!waiting.length) return;
  const { token } = await ask();
  let sent = 0;
  for (const each of waiting) {
    const body = new FormData();
    const fields = { version: each.version, writer: each.writer, turn: each.turn, deed: each.deed, reader, csrfmiddlewaretoken: token };
    for (const [name, value] of [...each.fields, ...Object.entries(fields)]) body.set(name, value);
    const answer = await fetch(each.url, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
    if (answer.type === "opaqueredirect" || answer.status === 401) throw Object.assign(new Error(), { isSignedOut: true });
    const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    sent += answer.ok;
    if (answer.ok) await put({ ...each, dirty: false, version: said.version, problem: "", sent: said.saved });
    else await put({ ...each, problem: answer.status === 409 ? words.textTwo : said.message ?? words.textRefused });
  }
  say(sent ? words.textSent.replace("{count}", sent) : "");
}

function stateOf(each) {
  if (each.dirty) return each.problem || (each.isFinal ? words.textFinalWaiting : words.textWaiting);
  return each.isFinal ? [words.textFinal, each.sent].filter(Boolean).join(" · ") : each.sent ?? words.textStored;
}

async function show() {
  const sheets = await all(reader), waiting = sheets.filter((each) => each.dirty).length;
  list.replaceChildren(...sheets.map((each) => {
    const row = document.createElement("li"), link = document.createElement("a"), state = document.createElement("span");
    Object.assign(link, { href: each.url, textContent: each.title });
    state.className = "small muted";
    state.textContent = stateOf(each);
    row.append(link, " ", state);
    return row;
  }));
  page.querySelector("[data-device]").hidden = !sheets.length;
  page.querySelector("[data-waiting]").textContent = waiting ? words.textCount.replace("{count}", waiting) : "";
  page.querySelector("[data-sure]").hidden = !waiting;
  send.hidden = !waiting;
}

async function during(button, work) {
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    say(error.isSignedOut ? words.textLogin : words.textOffline);
  }
  button.disabled = false;
  await show();
}

if (!navigator.serviceWorker || !window.caches) {
  say(words.textUnable);
} else {
  page.querySelector("[data-begin]").hidden = false;
  const agreed = page.querySelector("[data-agree]");
  take.disabled = !agreed.checked;
  agreed.addEventListener("change", () => { take.disabled = !agreed.checked; });
  take.addEventListener("click", () => during(take, takeAlong));
  send.addEventListener("click", () => during(send, sendAll));
  drop.addEventListener("click", () => during(drop, async () => {
    const sure = page.querySelector("[data-sure]");
    if (!sure.hidden && !sure.querySelector("input").checked) return say(words.textSure);
    await dropAll(reader);
    say(words.textDropped);
  }));
  addEventListener("online", () => during(send, sendAll));
  await show();
  if (isTaken(reader) || !send.hidden) during(send, sendAll);
}
