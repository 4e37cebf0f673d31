import { closeSync, fstatSync, openSync, readSync, writeFileSync } from "node:fs";

/** Element types that can be read; `F32` and `BF16` can also be written. */
type TensorType = "F32" | "BF16" | "F16";

export interface TensorInfo {
  dtype: string;
  shape: number[];
  /** First byte and the byte after the last, from the start of the file. */
  range: [number, number];
}

export interface TensorToWrite {
  name: string;
  shape: readonly number[];
  data: Float32Array;
}

const ITEM_BYTES: Record<TensorType, number> = { F32: 4, BF16: 2, F16: 2 };
const MAX_HEADER_BYTES = 100_000_000;

/** One open `.safetensors` file. Reads are synchronous; call {@link close} when done. */
export class SafetensorsReader {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  private readonly file: number;
  private readonly path: string;

  /** @throws Error when the file is missing, truncated or not in the safetensors format */
  constructor(path: string) {
    this.path = path;
    this.file = openSync(path, "r");
    try {
      this.tensors = this.readHeader();
    } catch (error) {
      closeSync(this.file);
      throw error;
    }
  }

  /**
   * Numbers `first` to `first + count` of a tensor, converted to 32-bit floats, in `target`.
   *
   * @throws Error when there is no such tensor or its type is not F32, BF16 or F16
   */
  read(name: string, target: Float32Array, first = 0, count = target.length): void {
    const info = this.tensors.get(name);
    if (!info) throw new Error(`${this.path}: there is no tensor "${name}".`);
    if (!(info.dtype in ITEM_BYTES)) {
      throw new Error(
        `${this.path}: "${name}" is ${info.dtype}; only F32, BF16 and F16 can be read.`,
      );
    }
    const dtype = info.dtype as TensorType;
    const itemBytes = ITEM_BYTES[dtype];
    const at = info.range[0] + first * itemBytes;
    if (at + count * itemBytes > info.range[1])
      throw new Error(`${this.path}: "${name}" is shorter than expected.`);
    const bytes = new Uint8Array(count * itemBytes);
    readFully(this.file, bytes, at, this.path);
    decode(bytes, dtype, target);
  }

  close(): void {
    closeSync(this.file);
  }

  private readHeader(): Map<string, TensorInfo> {
    const fileBytes = fstatSync(this.file).size;
    const lengthBytes = new Uint8Array(8);
    readFully(this.file, lengthBytes, 0, this.path);
    const headerBytes = Number(new DataView(lengthBytes.buffer).getBigUint64(0, true));
    if (headerBytes > Math.min(MAX_HEADER_BYTES, fileBytes - 8)) {
      throw new Error(
        `${this.path} is not a safetensors file: its header is longer than the file.`,
      );
    }
    const header = new Uint8Array(headerBytes);
    readFully(this.file, header, 8, this.path);
    return parseHeader(new TextDecoder().decode(header), 8 + headerBytes, fileBytes, this.path);
  }
}

/**
 * The bytes of a `.safetensors` file with every tensor in one type.
 *
 * @param metadata - free text pairs kept in the header
 */
export function encodeSafetensors(
  tensors: readonly TensorToWrite[],
  dtype: "F32" | "BF16",
  metadata: Record<string, string> = { format: "pt" },
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let length = 0;
  for (const { name, shape, data } of tensors) {
    const bytes = data.length * ITEM_BYTES[dtype];
    header[name] = { dtype, shape, data_offsets: [length, length + bytes] };
    length += bytes;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerBytes + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8, 8 + headerBytes);
  file.set(json, 8);
  let at = 8 + headerBytes;
  for (const { data } of tensors) {
    const bytes = encode(data, dtype);
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/** Writes what {@link encodeSafetensors} returns. */
export function writeSafetensors(
  path: string,
  tensors: readonly TensorToWrite[],
  dtype: "F32" | "BF16",
): void {
  writeFileSync(path, encodeSafetensors(tensors, dtype));
}

function parseHeader(
  text: string,
  dataStart: number,
  fileBytes: number,
  path: string,
): Map<string, TensorInfo> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${path} is not a safetensors file: its header is not JSON.`, { cause });
  }
  if (typeof header !== "object" || header === null)
    throw new Error(`${path} has an empty header.`);
  const tensors = new Map<string, TensorInfo>();
  for (const [name, entry] of Object.entries(header as Record<string, unknown>)) {
    if (name === "__metadata__") continue;
    const {
      dtype,
      shape,
      data_offsets: offsets,
    } = entry as { dtype: string; shape: number[]; data_offsets: number[] };
    const [from = -1, to = -1] = Array.isArray(offsets) ? offsets : [];
    if (
      typeof dtype !== "string" ||
      !Array.isArray(shape) ||
      from < 0 ||
      to < from ||
      dataStart + to > fileBytes
    ) {
      throw new Error(`${path}: the entry for "${name}" is malformed or the file is cut short.`);
    }
    tensors.set(name, { dtype, shape, range: [dataStart + from, dataStart + to] });
  }
  return tensors;
}

function readFully(file: number, target: Uint8Array, position: number, path: string): void {
  let done = 0;
  while (done < target.length) {
    const count = readSync(file, target, done, target.length - done, position + done);
    if (count === 0) throw new Error(`${path} is cut short.`);
    done += count;
  }
}

function decode(bytes: Uint8Array<ArrayBuffer>, dtype: TensorType, target: Float32Array): void {
  if (dtype === "F32") {
    target.set(new Float32Array(bytes.buffer));
    return;
  }
  const halves = new Uint16Array(bytes.buffer);
  if (dtype === "F16") {
    for (let i = 0; i < halves.length; i++) target[i] = halfToNumber(halves[i]!);
    return;
  }
  const bits = new Uint32Array(target.buffer, target.byteOffset, halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function encode(data: Float32Array, dtype: "F32" | "BF16"): Uint8Array {
  const copy = new Float32Array(data);
  if (dtype === "F32") return new Uint8Array(copy.buffer);
  const bits = new Uint32Array(copy.buffer);
  // Round to nearest, ties to even.
  const halves = Uint16Array.from(bits, (word) => (word + 0x7fff + ((word >>> 16) & 1)) >>> 16);
  return new Uint8Array(halves.buffer);
}
