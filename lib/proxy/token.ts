import { StudioError } from "@/lib/base/errors";

const SHORTEST = 8;
const LONGEST = 512;

/** What servers that ask for no token are given. */
export const EMPTY_TOKEN = "EMPTY_TOKEN";

/**
 * A token as RFC 6750 writes it; nothing else becomes a header. Very short ones are refused, because answers are
 * searched for the token and a word of every answer would be taken out of it.
 *
 * @throws {@link StudioError} `bad_request`
 */
export function checkedToken(input: string): string {
  const token = input.trim();
  if (token.length < SHORTEST || token.length > LONGEST) {
    throw refusal(`A token has ${SHORTEST} to ${LONGEST} characters.`);
  }
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(token)) {
    throw refusal("A token holds only letters, digits and the characters - . _ ~ + / =");
  }
  return token;
}

function refusal(message: string): StudioError {
  return new StudioError("bad_request", message, {
    details: { hint: "Copy the token once more, without the word Bearer." },
  });
}
