/** Where Duo's own page sends the browser back to: says what came of it, and that the other tab goes on. No script. */

import { pageShell } from './page-shell.js';
import { ICONS, type IconName } from './pages/common/icons.js';

export interface Returned {
  readonly ok: boolean;
  readonly title: string;
  readonly says: string;
  /** So many folders deep is the page's address. */
  readonly depth: number;
}

/** The whole page. Both texts are shown as they are: nothing in them is HTML. */
export function returnPage({ ok, title, says, depth }: Returned): string {
  return pageShell({
    depth,
    title: `${escaped(title)} · Keyturn`,
    body: `<main id="page">
<header class="brand">${svg('key')}Keyturn</header>
<article class="card" data-colour="own">
<section class="step">
${svg(ok ? 'done' : 'over')}
<h1>${escaped(title)}</h1>
<p>${escaped(says)}</p>
</section>
</article>
</main>`,
  });
}

function svg(icon: IconName): string {
  return `<svg viewBox="0 0 24 24" class="icon icon-${icon}" aria-hidden="true"><path d="${ICONS[icon]}"/></svg>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}
