/** What of one channel goes on record: a shell’s output as it is, of files their names and sizes and not what is in them. */

import type { ChannelRecorder } from '../gate.js';
import { ScpTranscript, scpDirection } from './scp.js';
import { SftpTranscript } from './sftp.js';

/** Every method throws where what it gets can’t be understood, and so not be recorded: it may not pass then. */
export interface Transcript {
  fromUser(data: Buffer): void;
  fromTarget(data: Buffer): void;
  /** Nothing more comes. */
  end(): void;
}

export function transcriptOf(
  kind: 'shell' | 'exec' | 'sftp',
  command: string | null,
  recorder: ChannelRecorder,
): Transcript {
  if (kind === 'sftp') return new SftpTranscript(recorder);
  const direction = kind === 'exec' && command !== null ? scpDirection(command) : null;
  if (direction !== null) return new ScpTranscript(recorder, direction);
  // What is typed is never written down: it may be a password.
  return { fromUser() {}, fromTarget: (data) => recorder.output(data), end() {} };
}
