/** Undoes Slack's three escapes, once: `&amp;lt;` was typed as `&lt;` and stays that. */
export function unescaped(text: string): string {
  return text.replace(/&(lt|gt|amp);/g, (_, name) => (name === 'lt' ? '<' : name === 'gt' ? '>' : '&'));
}
