// Single keys of a page: none while somebody types, none once they are switched off on this device (WCAG 2.1.4). "?" and
// every [data-keys-help] open the dialog that says them; its [data-keys-switch] turns them off. Esc leaves a box of `form`.

const types = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio])");

// `name` is where the switch is kept; deedOf(event) gives what a key does, shown(isOn) is told of the switch.
export function singleKeys({ name, dialog, form, deedOf, shown = () => {} }) {
  let isOn = true;
  try { isOn = localStorage.getItem(name) !== "off"; } catch { /* no store: on */ }
  const help = dialog.querySelector("[data-keys-switch]");
  const show = () => { help.checked = isOn; shown(isOn); };
  help.addEventListener("change", () => {
    isOn = help.checked;
    try { localStorage.setItem(name, isOn ? "on" : "off"); } catch { /* this visit only */ }
    show();
  });
  for (const button of document.querySelectorAll("[data-keys-help]")) {
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && form.contains(event.target) && types(event.target)) { event.target.blur(); return; }
    if (!isOn || dialog.open || event.ctrlKey || event.altKey || event.metaKey || types(event.target)) return;
    const deed = event.key === "?" ? () => dialog.showModal() : deedOf(event);
    if (deed) { event.preventDefault(); deed(); }
  });
  show();
}
