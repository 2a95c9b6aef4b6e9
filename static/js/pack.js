// What a juror takes along offline: the pages of the pack in a cache (worker.js serves them while the line is away), and
// of each sheet of the pack what was typed last, in IndexedDB, until the portal has it. Everything is under its reader's
// name; nothing is here before the reader asked for it on the page "offline".

export const CACHE = "judging-pack", READER = "judging-pack-reader";

const reader = () => { try { return localStorage.getItem(READER); } catch { return null; } };
export const isTaken = (by) => reader() === by;

const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

// Opened once: what is typed a moment before the page is left would not outlive a second opening.
let opened = null;
function database() {
  if (!opened) {
    const opening = indexedDB.open("judging", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("sheets", { keyPath: "id" });
    opened = asked(opening);
    opened.then((base) => { base.onclose = () => { opened = null; }; }, () => { opened = null; });
  }
  return opened;
}

async function store(mode) {
  return (await database()).transaction("sheets", mode).objectStore("sheets");
}

const idOf = (by, code) => `${by}|${code}`;
export const get = async (by, code) => asked((await store("readonly")).get(idOf(by, code)));
export const put = async (sheet) => asked((await store("readwrite")).put({ ...sheet, id: idOf(sheet.reader, sheet.code) }));
export async function all(by) {
  const found = await asked((await store("readonly")).getAll());
  return found.filter((each) => each.reader === by).sort((one, other) => one.place - other.place);
}

// The next sheet of the pack that is not final here, or null.
export async function next(by, code) {
  const sheets = (await all(by)).filter((each) => each.code === code || !each.isFinal);
  const at = sheets.findIndex((each) => each.code === code);
  return sheets[at + 1] ?? sheets.find((each) => each.code !== code) ?? null;
}

// The proposals leave the device; what was typed and not sent stays, under its reader's name.
export async function dropPages() {
  await caches.delete(CACHE);
  try { localStorage.removeItem(READER); } catch { /* nothing was kept */ }
  for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
}

export async function dropAll(by) {
  const sheets = await store("readwrite");
  for (const each of await asked(sheets.getAll())) if (each.reader === by) sheets.delete(each.id);
  await dropPages();
}
