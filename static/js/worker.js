// Serves a juror's pack while the line is away; registered only by somebody who took a pack along, for /judging/ alone.
// The network always comes first, so that whoever is signed out, or is somebody else, gets what the portal says. A kept
// page is only the answer when none comes, and not after the time until which the pack may be kept.

const CACHE = "judging-pack", ABOUT = "/judging/offline/about", LIST = "/judging/offline/", PATIENCE = 8000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === location.origin) event.respondWith(answer(request));
});

async function answer(request) {
  const kept = await keptAnswer(request);
  if (!kept) return fetch(request).catch((error) => listOr(error, request));
  const late = new Promise((done) => { setTimeout(() => done(kept), PATIENCE); });
  try {
    return await Promise.race([fetch(request), late]);
  } catch {
    return kept;
  }
}

// A page that was not taken along leads to the list of those that were.
async function listOr(error, request) {
  if (request.mode === "navigate" && await keptAnswer(LIST)) return Response.redirect(LIST);
  throw error;
}

async function keptAnswer(request) {
  if (!(await caches.has(CACHE))) return null;
  const cache = await caches.open(CACHE), about = await cache.match(ABOUT);
  if (!about) return null;
  if (Date.now() > Date.parse((await about.json()).until)) {
    await caches.delete(CACHE);
    return null;
  }
  return cache.match(request, { ignoreVary: true });
}
