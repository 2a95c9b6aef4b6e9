// Two texts for one place, side by side, from the page's own template: one of them is chosen, neither is lost.
// `mine` is a text or the textarea that holds it; `isSaid` where the message stands beside it already; copying works
// where the browser allows it.

export function showBoth(place, { message, isSaid = false, by, mine, stored, copied, onMine, onStored }) {
  place.querySelector(":scope > .both")?.remove();
  const panel = document.getElementById("both").content.firstElementChild.cloneNode(true);
  const [own, theirs] = panel.querySelectorAll(".both__text");
  const said = panel.querySelector(".both__said");
  const text = () => (typeof mine === "string" ? mine : mine.value);
  const follow = () => { own.textContent = text(); };
  said.textContent = message;
  said.hidden = isSaid;
  panel.setAttribute("aria-label", message);
  panel.querySelector("[data-stored] .small").textContent = by;
  theirs.textContent = stored;
  follow();
  if (typeof mine !== "string") mine.addEventListener("input", follow);
  const close = (then) => { panel.remove(); then(); };
  panel.querySelector("[data-take=mine]").addEventListener("click", () => close(onMine));
  panel.querySelector("[data-take=stored]").addEventListener("click", () => close(onStored));
  const copy = panel.querySelector("[data-copy]");
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => { await navigator.clipboard.writeText(text()); copy.textContent = copied; });
  place.append(panel);
}
