import type { Hub } from "../servers/studio";

/** A file of a private model, as the hub gives it to its owner. */
export async function fileOnHub(hub: Hub, modelId: string, file: string): Promise<string> {
  const query = new URLSearchParams({ Revision: "master", FilePath: file });
  const answer = await fetch(`${hub.url}/api/v1/models/${modelId}/repo?${query}`, {
    headers: { authorization: `Bearer ${hub.token}` },
  });
  if (!answer.ok) throw new Error(`${file} of ${modelId}: ${answer.status}`);
  return answer.text();
}
