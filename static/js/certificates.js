// A file is compared by its fingerprint: where the browser can compute it, only the fingerprint is sent.
const form = document.querySelector("[data-fingerprint]");

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

form?.addEventListener("submit", async (event) => {
  const [file, digest] = [form.elements.file, form.elements.digest];
  if (!globalThis.crypto?.subtle || !file.files.length) return;
  event.preventDefault();
  digest.value = hex(await crypto.subtle.digest("SHA-256", await file.files[0].arrayBuffer()));
  file.disabled = true;
  form.submit();
  file.disabled = false;
});
