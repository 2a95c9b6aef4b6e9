// One definition of a clean text and of a word, the same as proposals/words.py, which says why.
const LINE_END = /\r\n|[\r\u000B\u000C\u0085\u2028\u2029]/g;
const BLANK = /[\u001C-\u001F\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000\uFEFF]/g;
const UNSEEN = /[\u0000-\u0008\u000E-\u001B\u007F-\u009F\u00AD\u061C\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFFF9-\uFFFB\uFFFE\uFFFF]/g;
const HALF = /\p{Surrogate}/gu; // with the flag u only a half that stands alone
const WORD = /[^\t\n ]+/g;

export function clean(text) {
  return text.replace(LINE_END, "\n").replace(BLANK, " ").replace(HALF, "\uFFFD").replace(UNSEEN, "");
}

export function countWords(text) {
  return (clean(text).match(WORD) ?? []).length;
}
