/**
 * xterm.js writes its colours into style elements, which the page's policy forbids. While it draws itself those become
 * style sheets of the document instead: as good to it, and no weaker policy is needed.
 */

export function withStyleSheets(draw: () => void): void {
  const create = document.createElement.bind(document);
  document.createElement = ((tag: string) =>
    tag === 'style' ? sheetFor(create('template')) : create(tag)) as typeof document.createElement;
  try {
    draw();
  } finally {
    // What is inherited shows again.
    Reflect.deleteProperty(document, 'createElement');
  }
}

/** Stands where the style element would, and gives its text to a sheet for as long as it is there. */
function sheetFor(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text) });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}
