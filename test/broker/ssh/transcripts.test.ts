/** What goes on record of files that pass by, however the bytes are cut up on their way. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChannelRecorder } from '../../../src/broker/gate.js';
import { doorkeeper } from '../../../src/broker/ssh/doorkeeper.js';
import { LIMITS } from '../../../src/broker/ssh/limits.js';
import { type Transcript, transcriptOf } from '../../../src/broker/ssh/transcript.js';

function open(command: string | null) {
  const files: string[] = [];
  let output = '';
  const recorder: ChannelRecorder = {
    output: (data) => {
      output += Buffer.from(data).toString('utf8');
    },
    resize() {},
    file: ({ act, path, bytes, to }) => files.push([act, path, to, bytes].filter((x) => x != null).join(' ')),
    end() {},
  };
  const transcript = transcriptOf(command === null ? 'sftp' : 'exec', command, recorder);
  return { transcript, files, output: () => output };
}

type Turn = readonly ['user' | 'target', Buffer];

/** Says all of it in pieces of these sizes. */
function say(transcript: Transcript, turns: readonly Turn[], sizes: readonly number[]): void {
  let count = 0;
  for (const [who, data] of turns)
    for (let at = 0; at < data.length; ) {
      const size = sizes[count % sizes.length] ?? 1;
      count += 1;
      const piece = data.subarray(at, at + size);
      if (who === 'user') transcript.fromUser(piece);
      else transcript.fromTarget(piece);
      at += size;
    }
  transcript.end();
}

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const text = (value: string | Buffer) => Buffer.concat([u32(Buffer.byteLength(value)), Buffer.from(value)]);
const packet = (type: number, ...fields: Buffer[]) => {
  const body = Buffer.concat([Buffer.from([type]), ...fields]);
  return Buffer.concat([u32(body.length), body]);
};
const status = (id: number, code: number) => packet(101, u32(id), u32(code), text(''), text(''));

const SFTP: Turn[] = [
  ['user', packet(1, u32(3))],
  ['target', packet(2, u32(3))],
  ['user', packet(3, u32(1), text('/etc/hosts'), u32(1), u32(0))],
  // Asked for before the handle is known, by somebody who guesses it.
  ['user', packet(5, u32(2), text('h1'), u32(0), u32(0), u32(900))],
  ['target', packet(102, u32(1), text('h1'))],
  ['target', packet(103, u32(2), text(Buffer.alloc(700, 7)))],
  ['user', packet(4, u32(3), text('h1'))],
  ['target', status(3, 0)],
  ['user', packet(3, u32(4), text('/tmp/a'), u32(0x1a), u32(0))],
  ['target', packet(102, u32(4), text('h2'))],
  ['user', packet(6, u32(5), text('h2'), u32(0), u32(0), text(Buffer.alloc(5_000, 1)))],
  ['user', packet(6, u32(6), text('h2'), u32(0), u32(0), text(Buffer.alloc(10, 1)))],
  ['target', Buffer.concat([status(5, 0), status(6, 4)])],
  ['user', packet(13, u32(7), text('/tmp/denied'))],
  ['target', status(7, 3)],
  ['user', packet(200, u32(8), text('posix-rename@openssh.com'), text('/a'), text('/b'))],
  ['target', status(8, 0)],
  // A mode and an owner; and one that was refused.
  ['user', packet(9, u32(9), text('/etc/shadow'), u32(0x6), u32(0), u32(42), u32(0o100640))],
  ['target', status(9, 0)],
  ['user', packet(9, u32(10), text('/etc/passwd'), u32(0x4), u32(0o666))],
  ['target', status(10, 3)],
  // Cut to nothing by its handle, which was guessed before it was given; its time changed, which is nobody's concern.
  ['user', packet(3, u32(11), text('/var/log/auth.log'), u32(1), u32(0))],
  ['user', packet(10, u32(12), text('h3'), u32(0x1), u32(0), u32(0))],
  ['target', packet(102, u32(11), text('h3'))],
  ['target', status(12, 0)],
  ['user', packet(10, u32(13), text('h3'), u32(0x8), u32(1), u32(1))],
  ['target', status(13, 0)],
  ['user', packet(20, u32(14), text('/root'), text('/tmp/way'))],
  ['target', status(14, 0)],
];

test('SFTP is understood however it is cut up, and what was refused is not on record', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 6_000 }), { minLength: 1, maxLength: 8 }), (sizes) => {
      const { transcript, files, output } = open(null);
      say(transcript, SFTP, sizes);
      expect(files).toEqual([
        ...['read /etc/hosts 700', 'rename /a /b', 'chown /etc/shadow 0:42', 'chmod /etc/shadow 0640'],
        ...['truncate /var/log/auth.log 0', 'link /tmp/way /root'],
        ...['write /tmp/a 5000', 'read /var/log/auth.log 0'],
      ]);
      expect(output()).toBe('');
    }),
  );
});

test('bytes that are no SFTP are refused, and nothing but an error comes of any', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 600 }), fc.boolean(), (bytes, begun) => {
      const { transcript, files } = open(null);
      if (begun) say(transcript, SFTP.slice(0, 2), [100]);
      try {
        transcript.fromUser(Buffer.from(bytes));
        transcript.fromTarget(Buffer.from(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
      expect(files).toEqual([]);
    }),
  );
  for (const wrong of [
    packet(3, u32(1), text('/x'), u32(1)),
    Buffer.from('hello there'),
    Buffer.concat([packet(1, u32(3)), packet(1, u32(3))]),
    Buffer.concat([packet(1, u32(3)), packet(13, u32(1), text('a')), packet(13, u32(1), text('b'))]),
    Buffer.concat([packet(1, u32(3)), packet(99, u32(1))]),
    Buffer.concat([packet(1, u32(3)), u32(10_000_000), Buffer.from([3])]),
    Buffer.concat([packet(1, u32(3)), packet(6, u32(1), text('h'), u32(0), u32(0), u32(5))]),
  ])
    expect(() => open(null).transcript.fromUser(wrong), wrong.toString('hex')).toThrow();
  for (const wrong of [packet(2, u32(6)), status(1, 0), Buffer.from('bash-5.2$ ')])
    expect(() => open(null).transcript.fromTarget(wrong), wrong.toString('hex')).toThrow();
});

test('scp to the target is understood however it is cut up', () => {
  const turns: Turn[] = [
    ['target', Buffer.from([0])],
    ['user', Buffer.from('T1 0 1 0\nD0755 0 dir\nC0644 7 name with space\nC0644 7\0C0600 0 empty\n\0E\n')],
    ['target', Buffer.from('\0\0\x01scp: no room\n\0')],
  ];
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }), (sizes) => {
      const { transcript, files, output } = open('scp -p -r -t /srv');
      say(transcript, turns, sizes);
      expect(files).toEqual(['write dir/name with space 7', 'write dir/empty 0']);
      expect(output()).toBe('scp: no room\n');
    }),
  );
});

test('scp from the target is on record as far as it came, and anything else it says is refused', () => {
  const { transcript, files } = open('scp -f x');
  say(transcript, [['target', Buffer.from('C0644 100 x\nabc')]], [100]);
  expect(files).toEqual(['read x 3']);
  expect(() => open('scp -f x').transcript.fromTarget(Buffer.from('bash-5.2$ \n'))).toThrow();
  expect(() => open('scp -f x').transcript.fromUser(Buffer.from('rm -rf /\n'))).toThrow();
  expect(() => open('scp -t x').transcript.fromTarget(Buffer.from('total 0\n'))).toThrow();
  expect(() => open('scp -t x').transcript.fromUser(Buffer.alloc(10_000, 0x54))).toThrow();
  expect(() => open('scp -t x').transcript.fromUser(Buffer.from('C0644 1 ../../up\n'))).toThrow();
});

test.each([
  ['scp -f x; bash -i', 'from'],
  ['scp -f $(bash)', 'from'],
  ['scp -f x\nbash', 'from'],
  ['scp -tf x', 'both'],
  ['myscp -t x', 'other'],
  ['scp x y', 'neither'],
])('a command that is not plainly scp is recorded as what it shows: %s', (command) => {
  const { transcript, output } = open(command);
  transcript.fromTarget(Buffer.from('anything at all'));
  expect(output()).toBe('anything at all');
});

test('one address, or one network of IPv6, can’t take every place at the door', () => {
  const door = doorkeeper({ ...LIMITS, waitingPerAddress: 2, waiting: 5, connections: 6 });
  expect(['10.0.0.1', '10.0.0.1', '10.0.0.1'].map((address) => door.arrive(address))).toEqual([
    true,
    true,
    false,
  ]);
  const network = ['2001:db8::1', '2001:db8:0:0:9::2', '2001:db8::3'];
  expect(network.map((address) => door.arrive(address))).toEqual([true, true, false]);
  expect(['10.0.0.2', '10.0.0.5'].map((address) => door.arrive(address))).toEqual([true, false]);
  door.admitted('10.0.0.1');
  expect(door.arrive('10.0.0.1')).toBe(true);
  expect(door.arrive('10.0.0.3')).toBe(false);
  door.leave('10.0.0.1', true);
  door.leave('10.0.0.1', false);
  expect(door.arrive('10.0.0.4')).toBe(true);
});
