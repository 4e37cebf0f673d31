const BLOCK_BYTES = 512;
const MAX_NAME_BYTES = 100;

export interface TarFile {
  /** At most 100 bytes. */
  name: string;
  body: Uint8Array;
}

/** The files as one archive in POSIX's ustar form, readable for all and dated `modifiedAt` (ms since the epoch). */
export function tarOf(files: readonly TarFile[], modifiedAt: number): Buffer {
  const parts = files.flatMap(({ name, body }) => [
    headerOf(name, body.length, modifiedAt),
    body,
    Buffer.alloc(-body.length & (BLOCK_BYTES - 1)),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK_BYTES)]);
}

function headerOf(name: string, sizeBytes: number, modifiedAt: number): Buffer {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw new Error(`"${name}" is too long for a tar.`);
  const header = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, offset: number, length: number) =>
    header.write(value.toString(8).padStart(length - 1, "0"), offset);
  header.write(name, 0);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(sizeBytes, 124, 12);
  octal(Math.floor(modifiedAt / 1000), 136, 12);
  header.fill(" ", 148, 156);
  header.write("0", 156);
  header.write("ustar\u000000", 257);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  octal(checksum, 148, 7);
  header.write("\u0000 ", 154);
  return header;
}
