/** What a mrkdwn text says, as a tree of values: it holds text only, never HTML. */

export type Inline =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'bold' | 'italic' | 'strike'; readonly kids: readonly Inline[] }
  | { readonly is: 'code'; readonly text: string }
  | { readonly is: 'link'; readonly url: string; readonly text: string }
  | { readonly is: 'person'; readonly id: string; readonly name?: string }
  | { readonly is: 'channel'; readonly id: string; readonly name?: string }
  | { readonly is: 'everyone'; readonly name: string }
  | { readonly is: 'date'; readonly text: string; readonly iso?: string; readonly url?: string }
  | { readonly is: 'emoji'; readonly char: string; readonly name: string };

export type Piece =
  | { readonly is: 'lines'; readonly kids: readonly Inline[] }
  | { readonly is: 'quote'; readonly kids: readonly Inline[] }
  | { readonly is: 'pre'; readonly text: string };
