/** A password made in the browser: nobody saw it, and nobody mistakes one of its letters for another. */

const ALPHABET = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 24;
const CLASSES = [/[a-z]/, /[A-Z]/, /[2-9]/];

/** 24 characters, each equally likely: about 139 bits, with small and capital letters and digits. */
export function makePassword(): string {
  for (;;) {
    const password = Array.from({ length: LENGTH }, character).join('');
    // Drawn anew rather than mended, so that every password of this kind is equally likely.
    if (CLASSES.every((each) => each.test(password))) return password;
  }
}

function character(): string {
  // Bytes past the last whole multiple of the alphabet would favour its first letters.
  const most = 256 - (256 % ALPHABET.length);
  for (;;) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte !== undefined && byte < most) return ALPHABET.charAt(byte % ALPHABET.length);
  }
}
