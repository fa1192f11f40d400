/**
 * Reads SFTP version 3 (draft-ietf-secsh-filexfer-02) as it passes by, and notes which files were read, written, made and
 * removed. A request counts only once the target has said that it was done.
 */

import type { ChannelRecorder, FileOperation } from '../gate.js';
import { Fields, type Packet, PacketCutter } from './packets.js';
import type { Transcript } from './transcript.js';

const REQUEST = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  setstat: 9,
  fsetstat: 10,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  rename: 18,
  symlink: 20,
  extended: 200,
} as const;
const LAST_PLAIN_REQUEST = 20;
const REPLY = { version: 2, status: 101, handle: 102, data: 103, last: 105, extended: 201 } as const;
const ATTRIBUTES = { size: 0x1, owner: 0x2, mode: 0x4 } as const;
const OPEN_TO_WRITE = 0x2 | 0x4 | 0x8 | 0x10;
/** A client asks for some dozens at a time. */
const MOST_OPEN = 10_000;

interface OpenFile {
  readonly path: string;
  readonly toWrite: boolean;
  read: number;
  /** Null where the target copied into it by itself: how much is not known. */
  written: number | null;
}

interface Answer {
  readonly type: number;
  readonly isDone: boolean;
  readonly fields: Fields;
}

export class SftpTranscript implements Transcript {
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #files = new Map<string, OpenFile>();
  readonly #fromUser = new PacketCutter(
    (type) => type !== REQUEST.write,
    (packet) => this.#request(packet),
  );
  readonly #fromTarget = new PacketCutter(
    () => false,
    (packet) => this.#reply(packet),
  );
  #begun = false;

  constructor(private readonly recorder: ChannelRecorder) {}

  fromUser(data: Buffer): void {
    this.#fromUser.take(data);
  }

  fromTarget(data: Buffer): void {
    this.#fromTarget.take(data);
  }

  end(): void {
    for (const file of this.#files.values()) this.#moved(file);
    this.#files.clear();
  }

  #request({ type, body, length }: Packet): void {
    if (this.#begun === (type === REQUEST.init)) throw new Error('SFTP out of order');
    this.#begun = true;
    if (type === REQUEST.init) return;
    if (type > LAST_PLAIN_REQUEST && type !== REQUEST.extended) throw new Error('an unknown SFTP request');
    const fields = new Fields(body);
    const id = fields.number();
    if (this.#waiting.has(id)) throw new Error('an SFTP request’s id is used twice');
    if (this.#waiting.size >= MOST_OPEN || this.#files.size >= MOST_OPEN)
      throw new Error('too many SFTP requests at a time');
    this.#waiting.set(id, this.#meaning(type, fields, length));
  }

  #reply({ type, body, length }: Packet): void {
    const fields = new Fields(body);
    if (type === REPLY.version) {
      if (fields.number() > 3) throw new Error('a version of SFTP that is not known here');
      return;
    }
    if ((type < REPLY.status || type > REPLY.last) && type !== REPLY.extended)
      throw new Error('an unknown SFTP reply');
    const id = fields.number();
    const meaning = this.#waiting.get(id);
    if (!meaning) throw new Error('an SFTP reply that was not asked for');
    this.#waiting.delete(id);
    if (type === REPLY.data && new Fields(body.subarray(4)).number() !== length - 9)
      throw new Error('an SFTP packet of another size than it says');
    const isDone = type !== REPLY.status || new Fields(body.subarray(4)).number() === 0;
    meaning({ type, isDone, fields });
  }

  /** What a request will have done, once it is answered. */
  #meaning(type: number, fields: Fields, length: number): (answer: Answer) => void {
    switch (type) {
      case REQUEST.open:
        return this.#opened(fields.text(), fields.number());
      case REQUEST.close:
        return this.#closed(key(fields));
      case REQUEST.read:
        return this.#readFrom(key(fields));
      case REQUEST.write:
        return this.#wroteTo(key(fields), fields, length);
      case REQUEST.remove:
        return this.#done({ act: 'remove', path: fields.text() });
      case REQUEST.mkdir:
        return this.#done({ act: 'mkdir', path: fields.text() });
      case REQUEST.rmdir:
        return this.#done({ act: 'rmdir', path: fields.text() });
      case REQUEST.rename:
        return this.#done({ act: 'rename', path: fields.text(), to: fields.text() });
      // OpenSSH has the two the other way round than the draft, and so has everybody else.
      case REQUEST.symlink:
        return this.#linked(fields);
      case REQUEST.setstat:
        return this.#changed(always(fields.text()), fields);
      case REQUEST.fsetstat: {
        const handle = key(fields);
        const changed = this.#changed(() => this.#files.get(handle)?.path ?? '', fields);
        return (answer) => {
          // A client that writes a file gives it its mode and its time with it.
          if (this.#files.get(handle)?.toWrite === false) changed(answer);
        };
      }
      case REQUEST.extended:
        return this.#extended(fields.text(), fields);
      default:
        return () => {};
    }
  }

  #extended(name: string, fields: Fields): (answer: Answer) => void {
    if (name === 'posix-rename@openssh.com')
      return this.#done({ act: 'rename', path: fields.text(), to: fields.text() });
    if (name === 'hardlink@openssh.com') return this.#linked(fields);
    if (name === 'lsetstat@openssh.com') return this.#changed(always(fields.text()), fields);
    if (name !== 'copy-data') return () => {};
    const from = key(fields);
    fields.skip(16);
    const to = key(fields);
    return ({ isDone }) => {
      const [source, target] = [this.#files.get(from), this.#files.get(to)];
      if (!isDone || !target) return;
      target.written = null;
      if (source && source.read === 0) this.recorder.file({ act: 'read', path: source.path, bytes: null });
    };
  }

  #opened(path: string, flags: number): (answer: Answer) => void {
    return ({ type, fields }) => {
      if (type !== REPLY.handle) return;
      const file = { path, toWrite: (flags & OPEN_TO_WRITE) !== 0, read: 0, written: 0 };
      this.#files.set(key(fields), file);
    };
  }

  #closed(handle: string): (answer: Answer) => void {
    return () => {
      const file = this.#files.get(handle);
      this.#files.delete(handle);
      if (file) this.#moved(file);
    };
  }

  #readFrom(handle: string): (answer: Answer) => void {
    return ({ type, fields }) => {
      const file = this.#files.get(handle);
      if (file && type === REPLY.data) file.read += fields.number();
    };
  }

  #wroteTo(handle: string, fields: Fields, length: number): (answer: Answer) => void {
    fields.skip(8);
    const bytes = fields.number();
    if (bytes !== length - 1 - 4 - 4 - Buffer.byteLength(handle, 'latin1') - 8 - 4)
      throw new Error('an SFTP packet of another size than it says');
    return ({ isDone }) => {
      const file = this.#files.get(handle);
      if (file && isDone && file.written !== null) file.written += bytes;
    };
  }

  #linked(fields: Fields): (answer: Answer) => void {
    const to = fields.text();
    return this.#done({ act: 'link', path: fields.text(), to });
  }

  /** Its size, its owner and its mode, as far as they are given (the draft, section 5). When it was changed is nobody’s change. */
  #changed(path: () => string, fields: Fields): (answer: Answer) => void {
    const flags = fields.number();
    const done: Omit<FileOperation, 'path'>[] = [];
    if (flags & ATTRIBUTES.size)
      done.push({ act: 'truncate', bytes: fields.number() * 2 ** 32 + fields.number() });
    if (flags & ATTRIBUTES.owner)
      done.push({ act: 'chown', bytes: null, to: `${fields.number()}:${fields.number()}` });
    if (flags & ATTRIBUTES.mode) {
      const mode = (fields.number() & 0o7777).toString(8).padStart(4, '0');
      done.push({ act: 'chmod', bytes: null, to: mode });
    }
    return ({ isDone }) => {
      if (isDone) for (const each of done) this.recorder.file({ path: path(), ...each });
    };
  }

  #done(operation: Omit<FileOperation, 'bytes'>): (answer: Answer) => void {
    return ({ isDone }) => {
      if (isDone) this.recorder.file({ ...operation, bytes: null });
    };
  }

  #moved({ path, toWrite, read, written }: OpenFile): void {
    if (toWrite) this.recorder.file({ act: 'write', path, bytes: written });
    if (!toWrite || read > 0) this.recorder.file({ act: 'read', path, bytes: read });
  }
}

function always(path: string): () => string {
  return () => path;
}

function key(fields: Fields): string {
  return fields.bytes().toString('latin1');
}
