/** Whole bytes, or the part that one `Range: bytes=FIRST-LAST` asks for; any other range is passed over, as HTTP has it. */
export function rangeAnswer(bytes: Uint8Array, range: string | null, headers: Headers): Response {
  headers.set("accept-ranges", "bytes");
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  if (first === "" && last === "") return new Response(new Uint8Array(bytes), { headers });

  const size = bytes.length;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (start >= end) {
    headers.set("content-range", `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set("content-range", `bytes ${start}-${end - 1}/${size}`);
  return new Response(new Uint8Array(bytes.subarray(start, end)), { status: 206, headers });
}
