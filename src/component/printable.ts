/**
 * Foreign text in messages: names in a component may hold anything that UTF-8 can, of any length.
 */

/** How much of a message is kept at its start and at its end, where the reason tends to be. */
const KEPT = 500;

/** Control characters, and those that change the direction of text around them. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A message that is safe to print: one line, without control characters, of bounded length. */
export function printable(message: string): string {
  const cut = message.length > 2 * KEPT ? `${message.slice(0, KEPT)} [...] ${message.slice(-KEPT)}` : message;
  return cut.replace(UNPRINTABLE, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
}
