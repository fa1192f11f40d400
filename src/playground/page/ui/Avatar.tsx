/** A person's or a bot's face: initials on their colour. */

import { KeyMark } from './icons.js';

const COLOURS: Readonly<Record<string, string>> = {
  red: '#b3362f',
  orange: '#a8500f',
  yellow: '#7d6200',
  green: '#23714b',
  blue: '#2d63ad',
  purple: '#7444a8',
  brown: '#7a5136',
  teal: '#0f6b72',
  pink: '#a83a71',
};

/** A colour name of keyturn.yaml, or a hex value as it is. */
export function shade(colour: string | undefined): string {
  if (colour && /^#[0-9a-f]{6}$/i.test(colour)) return colour;
  return COLOURS[colour ?? ''] ?? '#55606e';
}

export function Avatar({
  name,
  colour,
  bot = false,
}: {
  name: string;
  colour?: string | undefined;
  bot?: boolean;
}) {
  if (bot) {
    return (
      <span class="avatar avatar-bot" aria-hidden="true">
        <KeyMark />
      </span>
    );
  }
  return (
    <span class="avatar" aria-hidden="true" style={{ backgroundColor: shade(colour) }}>
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ''].map((word) => word?.[0] ?? '').join('');
}
