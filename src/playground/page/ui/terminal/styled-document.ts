/**
 * The document as xterm.js gets it. It writes its colours into style elements, which this page's policy forbids; here
 * they become style sheets of the document instead, which is as good to it and needs no weaker policy.
 */

export function styledDocument(): Document {
  return new Proxy(document, {
    get(target, name) {
      if (name === 'createElement')
        return (tag: string) => (tag === 'style' ? styleLike(target) : target.createElement(tag));
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}

/** Stands where the style element would, and gives its text to a sheet for as long as it is there. */
function styleLike(page: Document): HTMLElement {
  const element = page.createElement('template');
  const sheet = new CSSStyleSheet();
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, sheet];
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text) });
  element.remove = () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((each) => each !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}
