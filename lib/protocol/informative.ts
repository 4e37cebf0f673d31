import * as z from "zod/mini";

/** A field that is only shown: null where a server leaves it out, sends null or anything that is not of its type. */
export function informative<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.pipe(
    z.catch(z.nullish(schema), null),
    z.transform((value): z.output<Schema> | null => value ?? null),
  );
}
