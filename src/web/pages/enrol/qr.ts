/** The QR code from the server's SVG, drawn anew from what a picture of squares needs and nothing else. */

const SVG = 'http://www.w3.org/2000/svg';

/** What is taken over, by element; a script, a style, a link or an event handler has no place here. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  svg: ['viewBox', 'shape-rendering'],
  path: ['d', 'fill', 'stroke', 'stroke-width', 'transform'],
  rect: ['x', 'y', 'width', 'height', 'fill'],
};

/** The picture, or null where the text is no such SVG. */
export function qrPicture(text: string): SVGElement | null {
  const { documentElement: root } = new DOMParser().parseFromString(text, 'image/svg+xml');
  if (root.namespaceURI !== SVG || root.localName !== 'svg' || !root.hasAttribute('viewBox')) return null;
  const picture = copy(root);
  for (const child of root.children)
    if (child.namespaceURI === SVG && ['path', 'rect'].includes(child.localName)) picture.append(copy(child));
  if (picture.childElementCount === 0) return null;
  picture.setAttribute('class', 'qr');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', 'QR code for your authenticator app');
  return picture;
}

function copy(from: Element): SVGElement {
  const element = document.createElementNS(SVG, from.localName);
  for (const name of TAKEN[from.localName] ?? []) {
    const value = from.getAttribute(name);
    if (value !== null) element.setAttribute(name, value);
  }
  return element;
}
