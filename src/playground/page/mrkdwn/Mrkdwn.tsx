/** A mrkdwn text on the page. Everything becomes text nodes: there is no way from here to HTML. */

import { Fragment } from 'preact';
import { parseMrkdwn } from './parse.js';
import type { Inline, Piece } from './tree.js';

/** Finds a person's or a channel's name by id. */
export type NameOf = (id: string) => string | undefined;

/** Renders one mrkdwn text. */
export function Mrkdwn({ text, nameOf }: { text: string; nameOf: NameOf }) {
  return (
    <>
      {parseMrkdwn(text).map((piece, index) => (
        <PieceView key={index} piece={piece} nameOf={nameOf} />
      ))}
    </>
  );
}

function PieceView({ piece, nameOf }: { piece: Piece; nameOf: NameOf }) {
  if (piece.is === 'pre') return <pre class="m-pre">{piece.text}</pre>;
  const kids = <Inlines kids={piece.kids} nameOf={nameOf} />;
  return piece.is === 'quote' ? (
    <blockquote class="m-quote">{kids}</blockquote>
  ) : (
    <span class="m-lines">{kids}</span>
  );
}

function Inlines({ kids, nameOf }: { kids: readonly Inline[]; nameOf: NameOf }) {
  return (
    <>
      {kids.map((inline, index) => (
        <Fragment key={index}>{show(inline, nameOf)}</Fragment>
      ))}
    </>
  );
}

function show(inline: Inline, nameOf: NameOf) {
  switch (inline.is) {
    case 'text':
      return inline.text;
    case 'bold':
      return <strong>{<Inlines kids={inline.kids} nameOf={nameOf} />}</strong>;
    case 'italic':
      return <em>{<Inlines kids={inline.kids} nameOf={nameOf} />}</em>;
    case 'strike':
      return <s>{<Inlines kids={inline.kids} nameOf={nameOf} />}</s>;
    case 'code':
      return <code class="m-code">{inline.text}</code>;
    case 'link':
      return <Link url={inline.url} text={inline.text} />;
    case 'person':
      return <span class="m-mention">@{inline.name ?? nameOf(inline.id) ?? inline.id}</span>;
    case 'channel':
      return <span class="m-mention">#{inline.name ?? nameOf(inline.id) ?? inline.id}</span>;
    case 'everyone':
      return <span class="m-mention">@{inline.name}</span>;
    case 'date':
      return inline.url ? (
        <Link url={inline.url} text={inline.text} />
      ) : (
        <time dateTime={inline.iso ?? ''}>{inline.text}</time>
      );
    case 'emoji':
      return (
        <span role="img" aria-label={inline.name.replaceAll('_', ' ')}>
          {inline.char}
        </span>
      );
  }
}

function Link({ url, text }: { url: string; text: string }) {
  return (
    <a class="m-link" href={url} target="_blank" rel="noreferrer noopener">
      {text}
    </a>
  );
}
