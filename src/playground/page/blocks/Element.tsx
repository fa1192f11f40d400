/** What stands inside a block: buttons, images, fields. */

import { safeUrl } from '../mrkdwn/angle.js';
import { FieldView } from './FieldView.js';
import { useHost } from './host.js';
import { Unsupported } from './Text.js';
import type { Button, Element, Image } from './types.js';

/** One element of a section or a row of actions: its fields tell the bot at once. */
export function ElementView({ element, blockId }: { element: Element; blockId: string }) {
  switch (element.type) {
    case 'button':
      return <ButtonView button={element} blockId={blockId} />;
    case 'image':
      return <ImageView image={element} small />;
    case 'static_select':
    case 'external_select':
    case 'plain_text_input':
    case 'radio_buttons':
    case 'checkboxes': {
      const placed = { blockId, actionId: element.action_id ?? '', field: element, required: false };
      return <FieldView placed={placed} dispatch />;
    }
    default:
      return <Unsupported what="element" type={(element as { type?: unknown }).type} />;
  }
}

function ButtonView({ button, blockId }: { button: Button; blockId: string }) {
  const host = useHost();
  const busy = host.busy === `${blockId} ${button.action_id ?? ''}`;
  const look = `btn ${button.style ? `btn-${button.style}` : ''}`;
  const common = {
    ...(button.accessibility_label && { 'aria-label': button.accessibility_label }),
    onClick: () => void host.press(blockId, button),
  };
  const url = button.url && safeUrl(button.url);
  if (url) {
    return (
      <a class={look} href={url} target="_blank" rel="noreferrer noopener" {...common}>
        {button.text.text}
        <span class="btn-out" aria-hidden="true">
          ↗
        </span>
      </a>
    );
  }
  return (
    <button type="button" class={look} aria-busy={busy} disabled={busy} {...common}>
      {button.text.text}
    </button>
  );
}

/** An image of this origin; any other would be a request to a stranger, so its words stand in. */
export function ImageView({ image, small = false }: { image: Image; small?: boolean }) {
  const own = image.image_url !== undefined && isOwn(image.image_url);
  return (
    <figure class={small ? 'b-image b-image-small' : 'b-image'}>
      {!small && image.title && <figcaption>{image.title.text}</figcaption>}
      {own ? (
        <img src={image.image_url} alt={image.alt_text} />
      ) : (
        <span class="b-image-words">{image.alt_text}</span>
      )}
    </figure>
  );
}

function isOwn(url: string): boolean {
  return URL.canParse(url, location.href) && new URL(url, location.href).origin === location.origin;
}
