/** Value types of WebAssembly, as they are encoded. */
export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;

/** Opcodes behind the SIMD prefix that the kernels use. */
export const SIMD = {
  load: 0x00,
  loadSplat: 0x09,
  store: 0x0b,
  constant: 0x0c,
  shuffle: 0x0d,
  extract: 0x1f,
  and: 0x4e,
  shiftLeft: 0xab,
  addInt: 0xae,
  add: 0xe4,
  sub: 0xe5,
  mul: 0xe6,
  div: 0xe7,
  /** One instruction where `min` and `max`, which treat NaN and -0 exactly, are many. */
  pseudoMin: 0xea,
  pseudoMax: 0xeb,
  relaxedMultiplyAdd: 0x105,
} as const;

/** Opcodes on single 32-bit floats. */
export const FLOAT = { sqrt: 0x91, add: 0x92, mul: 0x94, div: 0x95, max: 0x97 } as const;

const VOID_BLOCK = 0x40;

function unsignedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isDone = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isDone ? low : low | 0x80);
    if (isDone) return bytes;
  }
}

/** Collects the code of one WebAssembly function. Methods append instructions and can be chained. */
export class FunctionBuilder {
  readonly name: string;
  readonly parameters: readonly number[];
  private readonly localTypes: number[] = [];
  private readonly constants = new Map<string, { bytes: Uint8Array; local: number }>();
  private readonly code: number[] = [];

  constructor(name: string, parameters: readonly number[]) {
    this.name = name;
    this.parameters = parameters;
  }

  local(type: number): number {
    this.localTypes.push(type);
    return this.parameters.length + this.localTypes.length - 1;
  }

  /** Locals of one type, by name. */
  locals<Name extends string>(type: number, ...names: Name[]): Record<Name, number> {
    return Object.fromEntries(names.map((name) => [name, this.local(type)])) as Record<
      Name,
      number
    >;
  }

  get(index: number): this {
    return this.emit(0x20, ...unsignedLeb(index));
  }

  set(index: number): this {
    return this.emit(0x21, ...unsignedLeb(index));
  }

  tee(index: number): this {
    return this.emit(0x22, ...unsignedLeb(index));
  }

  i32(value: number): this {
    return this.emit(0x41, ...signedLeb(value));
  }

  add(): this {
    return this.emit(0x6a);
  }

  sub(): this {
    return this.emit(0x6b);
  }

  mul(): this {
    return this.emit(0x6c);
  }

  loadF32(offset = 0): this {
    return this.emit(0x2a, 2, ...unsignedLeb(offset));
  }

  storeF32(offset = 0): this {
    return this.emit(0x38, 2, ...unsignedLeb(offset));
  }

  vectorLoad(offset = 0): this {
    return this.simd(SIMD.load).emit(2, ...unsignedLeb(offset));
  }

  vectorStore(offset = 0): this {
    return this.simd(SIMD.store).emit(2, ...unsignedLeb(offset));
  }

  loadSplat(offset = 0): this {
    return this.simd(SIMD.loadSplat).emit(2, ...unsignedLeb(offset));
  }

  /** Four times the same float. */
  vector(value: number): this {
    return this.fourWords(new Float32Array([value]).buffer);
  }

  vectorInt(value: number): this {
    return this.fourWords(new Int32Array([value]).buffer);
  }

  float(opcode: number): this {
    return this.emit(opcode);
  }

  f32(value: number): this {
    return this.emit(0x43, ...new Uint8Array(new Float32Array([value]).buffer));
  }

  /** Takes an integer from the stack. */
  toFloat(): this {
    return this.emit(0xb2);
  }

  /** Takes a float from the stack. */
  splat(): this {
    return this.simd(0x13);
  }

  /** Combines the four lanes of a vector with a float operation. */
  reduce(vector: number, opcode: number): this {
    for (const lane of [0, 1, 2, 3]) {
      this.get(vector).simd(SIMD.extract).emit(lane);
      if (lane > 0) this.float(opcode);
    }
    return this;
  }

  /** Takes two vectors; lanes 0 to 3 name the first one's 32-bit lanes, 4 to 7 the second one's. */
  shuffle(...lanes: [number, number, number, number]): this {
    return this.simd(SIMD.shuffle).emit(
      ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
    );
  }

  simd(opcode: number): this {
    return this.emit(0xfd, ...unsignedLeb(opcode));
  }

  /** `target += amount`, where the amount is a constant. */
  increase(target: number, amount: number): this {
    return this.get(target).i32(amount).add().set(target);
  }

  /** `target += other`, where both are locals. */
  increaseBy(target: number, other: number): this {
    return this.get(target).get(other).add().set(target);
  }

  /** `target = base + index * stride`, all locals. */
  address(target: number, base: number, index: number, stride: number): this {
    return this.get(base).get(index).get(stride).mul().add().set(target);
  }

  /** Runs the body while `index < limit`; the body must raise `index`. */
  whileLess(index: number, limit: number, body: () => void): this {
    this.emit(0x02, VOID_BLOCK, 0x03, VOID_BLOCK).get(index).get(limit).emit(0x4e, 0x0d, 1);
    body();
    return this.emit(0x0c, 0, 0x0b, 0x0b);
  }

  /** Runs the body, which must move `pointer`, until it meets `end`: at least once. */
  doUntilEqual(pointer: number, end: number, body: () => void): this {
    this.emit(0x03, VOID_BLOCK);
    body();
    return this.get(pointer).get(end).emit(0x47, 0x0d, 0, 0x0b);
  }

  /** Takes a condition from the stack. */
  ifElse(whenTrue: () => void, whenFalse?: () => void): this {
    this.emit(0x04, VOID_BLOCK);
    whenTrue();
    if (whenFalse) {
      this.emit(0x05);
      whenFalse();
    }
    return this.emit(0x0b);
  }

  /** Of two integers' bits. */
  and(): this {
    return this.emit(0x71);
  }

  equals(): this {
    return this.emit(0x46);
  }

  greater(): this {
    return this.emit(0x4a);
  }

  body(): number[] {
    const locals = this.localTypes.flatMap((type) => [1, type]);
    const bytes = [
      ...[...unsignedLeb(this.localTypes.length), ...locals],
      ...[...this.constants.values()].flatMap(({ bytes, local }) => [
        ...[0xfd, SIMD.constant, ...bytes, ...bytes, ...bytes, ...bytes],
        ...[0x21, ...unsignedLeb(local)],
      ]),
      ...[...this.code, 0x0b],
    ];
    return [...unsignedLeb(bytes.length), ...bytes];
  }

  /** Constants are made once, before anything else: V8 takes three to seven instructions for each. */
  private fourWords(word: ArrayBuffer): this {
    const bytes = new Uint8Array(word);
    const key = bytes.join(" ");
    if (bytes.every((byte) => byte === 0))
      return this.simd(SIMD.constant).emit(...Array<number>(16).fill(0));
    const constant = this.constants.get(key) ?? { bytes, local: this.local(V128) };
    this.constants.set(key, constant);
    return this.get(constant.local);
  }

  private emit(...bytes: number[]): this {
    for (const byte of bytes) this.code.push(byte);
    return this;
  }
}

/** Encodes a module that imports one shared memory as `env.memory` and exports every function by its name. */
export function assembleModule(functions: readonly FunctionBuilder[]): Uint8Array<ArrayBuffer> {
  const section = (id: number, bytes: number[]) => [id, ...unsignedLeb(bytes.length), ...bytes];
  const text = (value: string) => [...unsignedLeb(value.length), ...Buffer.from(value)];
  const count = unsignedLeb(functions.length);
  const types = functions.flatMap(({ parameters }) => [
    0x60,
    ...unsignedLeb(parameters.length),
    ...parameters,
    0,
  ]);
  const sharedMemory = [2, 3, ...unsignedLeb(1), ...unsignedLeb(65536)];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [...count, ...types]),
    ...section(2, [1, ...text("env"), ...text("memory"), ...sharedMemory]),
    ...section(3, [...count, ...functions.flatMap((_, index) => unsignedLeb(index))]),
    ...section(7, [
      ...count,
      ...functions.flatMap(({ name }, index) => [...text(name), 0, ...unsignedLeb(index)]),
    ]),
    ...section(10, [...count, ...functions.flatMap((fn) => fn.body())]),
  ]);
}
