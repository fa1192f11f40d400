/** The files of the played server: a small tree in memory, gone when it stops. */

interface File {
  /** As many of its bytes as `size` says; the others are room to grow. */
  room: Buffer;
  size: number;
  changedAt: Date;
}

/** Why something can't be done, as a Unix system says it. */
export type FileFault =
  | 'No such file or directory'
  | 'Permission denied'
  | 'File exists'
  | 'Is a directory'
  | 'Not a directory'
  | 'Directory not empty'
  | 'No space left on device';

export class FileError extends Error {
  constructor(readonly why: FileFault) {
    super(why);
  }
}

export interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly size: number;
  readonly changedAt: Date;
}

/** It is somebody's toy: so much of their memory, and no more. */
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_FILES = 1_000;

export class Files {
  readonly #files = new Map<string, File>();
  readonly #folders = new Map<string, Date>([['/', new Date()]]);
  #bytes = 0;

  /** @param first what is there at the beginning, by its whole path. */
  constructor(first: Readonly<Record<string, string>>, folders: readonly string[] = []) {
    for (const folder of folders) this.#makeAll(folder);
    for (const [path, text] of Object.entries(first)) {
      this.#makeAll(parentOf(path));
      const room = Buffer.from(text);
      this.#files.set(path, { room, size: room.length, changedAt: new Date() });
      this.#bytes += room.length;
    }
  }

  /** Whoever isn't root writes at home and in /tmp. */
  static mayWrite(login: string, path: string): boolean {
    return login === 'root' || path.startsWith(`${homeOf(login)}/`) || path.startsWith('/tmp/');
  }

  static mayRead(login: string, path: string): boolean {
    return login === 'root' || (path !== '/root' && !path.startsWith('/root/') && path !== '/etc/shadow');
  }

  entry(path: string): Entry {
    const name = nameOf(path);
    const folder = this.#folders.get(path);
    if (folder) return { name, isFolder: true, size: 4_096, changedAt: folder };
    const { size, changedAt } = this.#file(path);
    return { name, isFolder: false, size, changedAt };
  }

  isFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  exists(path: string): boolean {
    return this.#files.has(path) || this.#folders.has(path);
  }

  /** What a folder holds, by name. */
  list(path: string): Entry[] {
    if (!this.#folders.has(path)) throw new FileError(this.#files.has(path) ? 'Not a directory' : NOWHERE);
    return [...this.#folders.keys(), ...this.#files.keys()]
      .filter((each) => each !== '/' && parentOf(each) === path)
      .map((each) => this.entry(each))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  read(path: string): Buffer {
    const { room, size } = this.#file(path);
    return room.subarray(0, size);
  }

  /** An empty file, in the place of a former one. */
  create(path: string): void {
    if (this.#folders.has(path)) throw new FileError('Is a directory');
    this.#mustHaveParent(path);
    if (!this.#files.has(path) && this.#files.size >= MOST_FILES) throw new FileError(FULL);
    this.#bytes -= this.#files.get(path)?.size ?? 0;
    this.#files.set(path, { room: Buffer.alloc(0), size: 0, changedAt: new Date() });
  }

  write(path: string, at: number, part: Uint8Array): void {
    const file = this.#file(path);
    const size = Math.max(file.size, at + part.length);
    if (!Number.isSafeInteger(at) || this.#bytes + size - file.size > MOST_BYTES) throw new FileError(FULL);
    if (size > file.room.length) {
      const room = Buffer.alloc(Math.min(MOST_BYTES, 2 * size));
      file.room.copy(room);
      file.room = room;
    }
    file.room.set(part, at);
    this.#bytes += size - file.size;
    Object.assign(file, { size, changedAt: new Date() });
  }

  remove(path: string): void {
    this.#bytes -= this.#file(path).size;
    this.#files.delete(path);
  }

  makeFolder(path: string): void {
    if (this.exists(path)) throw new FileError('File exists');
    this.#mustHaveParent(path);
    if (this.#folders.size >= MOST_FILES) throw new FileError(FULL);
    this.#folders.set(path, new Date());
  }

  removeFolder(path: string): void {
    if (this.list(path).length > 0) throw new FileError('Directory not empty');
    this.#folders.delete(path);
  }

  rename(from: string, to: string): void {
    if (this.#folders.has(from)) throw new FileError('Is a directory');
    const file = this.#file(from);
    if (this.exists(to)) throw new FileError('File exists');
    this.#mustHaveParent(to);
    this.#files.delete(from);
    this.#files.set(to, file);
  }

  #file(path: string): File {
    const file = this.#files.get(path);
    if (!file) throw new FileError(this.#folders.has(path) ? 'Is a directory' : NOWHERE);
    return file;
  }

  #mustHaveParent(path: string): void {
    if (!this.#folders.has(parentOf(path))) throw new FileError(NOWHERE);
  }

  #makeAll(path: string): void {
    if (this.#folders.has(path)) return;
    this.#makeAll(parentOf(path));
    this.#folders.set(path, new Date());
  }
}

const NOWHERE = 'No such file or directory';
const FULL = 'No space left on device';

export function homeOf(login: string): string {
  return login === 'root' ? '/root' : `/home/${login}`;
}

/** The whole path of what was typed, without `.` and `..`. */
export function wholePath(typed: string, from: string, home: string): string {
  const path = typed.replace(/^~(?=\/|$)/, home);
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${from}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1) || '/';
}
