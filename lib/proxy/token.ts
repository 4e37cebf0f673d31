import { StudioError } from "@/lib/base/errors";

const SHORTEST = 6;
const SHORTEST_WORD = 16;
const LONGEST = 512;

/** What servers that ask for no token are given. */
export const EMPTY_TOKEN = "EMPTY_TOKEN";

/**
 * A token as RFC 6750 writes it; nothing else becomes a header. Short words are refused: answers are searched for the
 * token, and a name that they hold anyway would be taken out of them.
 *
 * @throws {@link StudioError} `bad_request`
 */
export function checkedToken(input: string): string {
  const token = input.trim();
  if (token.length > LONGEST) throw refusal(`A token has at most ${LONGEST} characters.`);
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(token)) {
    throw refusal("A token holds only letters, digits and the characters - . _ ~ + / =");
  }
  if (token.length < SHORTEST || (token.length < SHORTEST_WORD && /^[a-z_]+$/.test(token))) {
    throw refusal("This is too short or too plain for a token.");
  }
  return token;
}

function refusal(message: string): StudioError {
  return new StudioError("bad_request", message, {
    details: { hint: "Copy the token once more, without the word Bearer." },
  });
}
