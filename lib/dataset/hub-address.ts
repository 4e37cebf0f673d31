export interface HubDataset {
  hub: "modelscope" | "huggingface";
  /** `OWNER/NAME` */
  id: string;
}

const ID = String.raw`([A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)`;
const ADDRESS = new RegExp(String.raw`^(?:(ms|hf):\/\/)?${ID}$`);
const PAGE = new RegExp(
  String.raw`^(?:https?:\/\/)?(?:www\.)?(modelscope\.cn|modelscope\.ai|huggingface\.co|hf\.co)\/datasets\/${ID}(?:[/?#].*)?$`,
);

/**
 * `ms://OWNER/NAME` and `hf://OWNER/NAME`, as Twinkle writes them, or the address of the dataset's page; without a prefix
 * it is ModelScope. Null for anything else.
 */
export function parseHubAddress(text: string): HubDataset | null {
  const address = text.trim();
  const [, place = "ms", id] = PAGE.exec(address) ?? ADDRESS.exec(address) ?? [];
  if (id === undefined) return null;
  return { hub: place.startsWith("h") ? "huggingface" : "modelscope", id };
}

/** What a dataset of the first rows is called: its address, and how many. */
export function sliceName({ hub, id }: HubDataset, rows: number): string {
  return `${hub === "modelscope" ? "ms" : "hf"}://${id} (first ${rows})`;
}

/** The slice that a dataset's name names; null for any other name. */
export function sliceOfName(name: string): { address: string; rows: number } | null {
  const [, address, rows] = /^((?:ms|hf):\/\/\S+) \(first (\d+)\)$/.exec(name) ?? [];
  return address === undefined ? null : { address, rows: Number(rows) };
}
