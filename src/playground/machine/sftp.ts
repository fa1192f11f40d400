/** SFTP version 3 on the played server’s files, as scp and sftp of OpenSSH speak it (draft-ietf-secsh-filexfer-02). */

import ssh2 from 'ssh2';
import { type Entry, FileError, type FileFault, Files, homeOf, wholePath } from './files.js';

const { OPEN_MODE: MODE, STATUS_CODE: CODE } = ssh2.utils.sftp;
const MOST_OPEN = 64;
const LARGEST_READ = 256 * 1024;

const CODES: Partial<Record<FileFault, number>> = {
  'No such file or directory': CODE.NO_SUCH_FILE,
  'Permission denied': CODE.PERMISSION_DENIED,
};

/** Something that a client has opened: a file, or a folder whose entries are still to be told. */
type Open = { readonly path: string; readonly writes: boolean } | { entries: Entry[] | null };

/** Serves one session of somebody who has signed in as this login. */
export function serveFiles(sftp: ssh2.SFTPWrapper, files: Files, login: string): void {
  const open = new Map<number, Open>();
  let next = 0;
  const place = (path: string) => wholePath(path, homeOf(login), homeOf(login));
  const readable = (path: string) => allowed(place(path), Files.mayRead(login, place(path)));
  const writable = (path: string) => allowed(place(path), Files.mayWrite(login, place(path)));
  const opened = (handle: Buffer): Open => {
    const it = handle.length === 4 ? open.get(handle.readUInt32BE(0)) : undefined;
    if (!it) throw new FileError('No such file or directory');
    return it;
  };
  const keep = (id: number, it: Open) => {
    if (open.size >= MOST_OPEN) throw new FileError('No space left on device');
    next += 1;
    open.set(next, it);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(next, 0);
    sftp.handle(id, handle);
  };
  /** Answers with what this makes, or with why it can't. */
  const answer = (id: number, act: () => void) => {
    try {
      act();
    } catch (error) {
      const why = error instanceof FileError ? error.why : null;
      sftp.status(id, (why && CODES[why]) ?? CODE.FAILURE, why ?? 'Failure');
    }
  };
  const done = (id: number, act: () => void) =>
    answer(id, () => {
      act();
      sftp.status(id, CODE.OK);
    });

  // The client has nothing more to ask, and waits for the end.
  sftp.on('end', () => sftp.end());
  sftp.on('OPEN', (id, name, flags) =>
    answer(id, () => {
      const writes = (flags & (MODE.WRITE | MODE.APPEND | MODE.CREAT | MODE.TRUNC)) !== 0;
      const path = writes ? writable(name) : readable(name);
      if (flags & MODE.EXCL && files.exists(path)) throw new FileError('File exists');
      if (flags & MODE.TRUNC || (flags & MODE.CREAT && !files.exists(path))) files.create(path);
      if (files.entry(path).isFolder) throw new FileError('Is a directory');
      keep(id, { path, writes });
    }),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, () => {
      const it = opened(handle);
      if (!('path' in it)) throw new FileError('Is a directory');
      const part = files.read(it.path).subarray(offset, offset + Math.min(length, LARGEST_READ));
      if (part.length === 0) sftp.status(id, CODE.EOF);
      else sftp.data(id, part);
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) =>
    done(id, () => {
      const it = opened(handle);
      if (!('path' in it) || !it.writes) throw new FileError('Permission denied');
      files.write(it.path, offset, data);
    }),
  );
  sftp.on('FSTAT', (id, handle) =>
    answer(id, () => {
      const it = opened(handle);
      if ('path' in it) sftp.attrs(id, attributes(files.entry(it.path)));
      else throw new FileError('Is a directory');
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    done(id, () => {
      opened(handle);
      open.delete(handle.readUInt32BE(0));
    }),
  );
  sftp.on('OPENDIR', (id, name) => answer(id, () => keep(id, { entries: files.list(readable(name)) })));
  sftp.on('READDIR', (id, handle) =>
    answer(id, () => {
      const it = opened(handle);
      if ('path' in it) throw new FileError('Not a directory');
      if (it.entries === null) return sftp.status(id, CODE.EOF);
      sftp.name(id, it.entries.map(named));
      it.entries = null;
    }),
  );
  for (const name of ['STAT', 'LSTAT'] as const)
    sftp.on(name as 'STAT', (id, path) =>
      answer(id, () => sftp.attrs(id, attributes(files.entry(readable(path))))),
    );
  sftp.on('REALPATH', (id, name) =>
    answer(id, () => {
      const path = place(name);
      sftp.name(id, [{ filename: path, longname: path, attrs: {} as ssh2.Attributes }]);
    }),
  );
  // Times and rights are agreed to, and kept by nobody: scp -p asks for them.
  sftp.on('SETSTAT', (id, path) => done(id, () => void files.entry(writable(path))));
  sftp.on('FSETSTAT', (id, handle) => done(id, () => void opened(handle)));
  sftp.on('REMOVE', (id, path) => done(id, () => files.remove(writable(path))));
  sftp.on('MKDIR', (id, path) => done(id, () => files.makeFolder(writable(path))));
  sftp.on('RMDIR', (id, path) => done(id, () => files.removeFolder(writable(path))));
  sftp.on('RENAME', (id, from, to) => done(id, () => files.rename(writable(from), writable(to))));
}

function allowed(path: string, may: boolean): string {
  if (!may) throw new FileError('Permission denied');
  return path;
}

function attributes({ isFolder, size, changedAt }: Entry): ssh2.Attributes {
  const seconds = Math.floor(changedAt.getTime() / 1000);
  return { mode: isFolder ? 0o040755 : 0o100644, uid: 0, gid: 0, size, atime: seconds, mtime: seconds };
}

function named(entry: Entry): ssh2.FileEntry {
  return { filename: entry.name, longname: longName(entry), attrs: attributes(entry) };
}

/** One line of `ls -l`. */
export function longName({ name, isFolder, size, changedAt }: Entry): string {
  const mode = isFolder ? 'drwxr-xr-x 2' : '-rw-r--r-- 1';
  const at = changedAt.toISOString();
  return `${mode} root root ${String(size).padStart(8)} ${at.slice(0, 10)} ${at.slice(11, 16)} ${name}`;
}
