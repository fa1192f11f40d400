/** The page behind a link. It is the same for every link: what it is about comes later, and only to a script. */

/** The HTML for a page so many folders deep; addresses are relative, for a Keyturn that lives below a path. */
export function linkPage(depth: number): string {
  const root = '../'.repeat(depth);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Keyturn</title>
<link rel="stylesheet" href="${root}assets/link.css">
<script type="module" src="${root}assets/link.js"></script>
</head>
<body>
<main id="page"><noscript><p class="plain">This page needs JavaScript: it keeps the link to itself that way. Turn it on and open the link from your chat again.</p></noscript></main>
<p id="heard" class="unseen" role="status" aria-live="polite"></p>
</body>
</html>
`;
}
