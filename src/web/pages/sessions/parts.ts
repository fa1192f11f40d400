/** A playing as it arrives: JSON lines, in whatever pieces the network makes of them. */

import type { PlayPart } from '../../sessions-answers.js';

/** @throws where it breaks off in the middle: what came before it has been handed on. */
export async function* playParts(body: ReadableStream<Uint8Array>): AsyncGenerator<PlayPart> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let line = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (line + decoder.decode(value, { stream: true })).split('\n');
      line = lines.pop() ?? '';
      for (const whole of lines) yield JSON.parse(whole) as PlayPart;
    }
  } finally {
    // Whoever stops listening is sent nothing more.
    await reader.cancel().catch(() => undefined);
  }
}
