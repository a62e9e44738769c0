/**
 * Text as search compares it: compatibility forms taken apart (`ﬁ` → `fi`, `①` → `1`), marks of Latin, Greek,
 * Cyrillic, Hebrew and Arabic letters taken off, lower case, and the letters of {@link LETTERS}, which Unicode does
 * not take apart. Marks of other scripts stay: there they make another letter or are its vowel. Folding what is folded
 * changes nothing.
 */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  return text
    .toWellFormed()
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(LETTERS_OF, (letter) => LETTERS[letter]!)
    .normalize('NFC')
}

const ASCII = /^[\0-\x7f]*$/

/** By script; those of Latin, Greek and Cyrillic have several blocks. */
const MARKS = new RegExp(
  [
    String.raw`[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]`,
    // Hebrew
    String.raw`[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]`,
    // Arabic
    String.raw`[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]`,
    // Soft hyphens, and what chooses between two looks of one character
    String.raw`[\u00ad\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`,
  ].join('|'),
  'gu',
)

/** Letters that people type as others, and that have no decomposition. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ĸ: 'k',
  ł: 'l',
  ŋ: 'n',
  ŧ: 't',
  ƒ: 'f',
  ə: 'e',
  ς: 'σ',
  // Arabic and Persian keyboards write the same letter with different characters.
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
  ـ: '',
}

const LETTERS_OF = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g')
