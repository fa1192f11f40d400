/** Cuts a stream of bytes into SFTP packets, keeping only the first bytes of those that carry a file’s content. */

/** OpenSSH’s sftp-server takes and sends no more than this. */
const LONGEST = 256 * 1024 + 1024;
/** The fields before the content: a type, an id, a handle of at most 256 bytes, an offset, a length. */
const HEAD = 300;

export interface Packet {
  readonly type: number;
  /** After the type: all of it, or its first bytes. */
  readonly body: Buffer;
  /** Of the whole packet, without the length field itself. */
  readonly length: number;
}

export class PacketCutter {
  readonly #start = Buffer.alloc(5);
  #started = 0;
  #length = 0;
  #body = Buffer.alloc(0);
  #kept = 0;
  #seen = 0;

  /** @param whole whether a packet of this type is needed in full */
  constructor(
    private readonly whole: (type: number) => boolean,
    private readonly found: (packet: Packet) => void,
  ) {}

  /** @throws Error where it isn’t SFTP. */
  take(data: Buffer): void {
    let at = 0;
    while (at < data.length) {
      at += this.#started < 5 ? this.#takeStart(data, at) : this.#takeBody(data, at);
      if (this.#started === 5 && this.#seen === this.#length - 1) this.#finish();
    }
  }

  #takeStart(data: Buffer, at: number): number {
    const taken = data.copy(this.#start, this.#started, at);
    this.#started += taken;
    if (this.#started < 5) return taken;
    this.#length = this.#start.readUInt32BE(0);
    if (this.#length < 1 || this.#length > LONGEST) throw new Error('not an SFTP packet');
    const bytes = this.#length - 1;
    this.#body = Buffer.allocUnsafe(this.whole(this.#start.readUInt8(4)) ? bytes : Math.min(bytes, HEAD));
    return taken;
  }

  #takeBody(data: Buffer, at: number): number {
    const taken = Math.min(data.length - at, this.#length - 1 - this.#seen);
    this.#kept += data.copy(this.#body, this.#kept, at, at + taken);
    this.#seen += taken;
    return taken;
  }

  #finish(): void {
    const packet = { type: this.#start.readUInt8(4), body: this.#body, length: this.#length };
    this.#started = 0;
    this.#kept = 0;
    this.#seen = 0;
    this.found(packet);
  }
}

/** Reads a packet’s fields one after another. @throws RangeError where they aren’t there */
export class Fields {
  #at = 0;

  constructor(private readonly body: Buffer) {}

  number(): number {
    this.#at += 4;
    return this.body.readUInt32BE(this.#at - 4);
  }

  bytes(): Buffer {
    const length = this.number();
    if (length > this.body.length - this.#at) throw new RangeError('an SFTP packet is shorter than it says');
    this.#at += length;
    return this.body.subarray(this.#at - length, this.#at);
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }
}
