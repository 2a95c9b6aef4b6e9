// One definition of a word, the same as proposals/words.py: an unbroken run of characters that are not blank.
// The class is spelled out because \s means different things in JavaScript and in Python.
const WORD = /[^\u0009-\u000D\u001C-\u0020\u0085\u00A0\u1680\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF]+/gu;

export function countWords(text) {
  return (text.match(WORD) ?? []).length;
}
