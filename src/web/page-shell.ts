/** The HTML around every page: what it is about comes later, and only to a script. */

export interface Shell {
  /** So many folders deep: addresses are relative, for a Keyturn that lives below a path. */
  readonly depth: number;
  readonly title: string;
  /** The script's name among the assets; none for a page that stands by itself. */
  readonly script?: string;
  /** A style of its own, besides that of every page. */
  readonly style?: string;
  readonly body: string;
}

/** The whole document. `title` and `body` are HTML already. */
export function pageShell({ depth, title, script, style, body }: Shell): string {
  const assets = `${'../'.repeat(depth)}assets`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="${assets}/link.css">${style === undefined ? '' : `\n<link rel="stylesheet" href="${assets}/${style}.css">`}${script === undefined ? '' : `\n<script type="module" src="${assets}/${script}.js"></script>`}
</head>
<body>
${body}
</body>
</html>
`;
}

/** A page that its script draws. It is the same for every link. */
export function scriptedPage(depth: number, script: string, style?: string): string {
  return pageShell({
    depth,
    script,
    ...(style === undefined ? {} : { style }),
    title: 'Keyturn',
    body: `<main id="page"><noscript><p class="plain">This page needs JavaScript: it keeps the link to itself that way. Turn it on and open the link from your chat again.</p></noscript></main>
<p id="heard" class="unseen" role="status" aria-live="polite"></p>`,
  });
}
