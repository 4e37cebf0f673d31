export interface HubDataset {
  hub: "modelscope" | "huggingface";
  /** `OWNER/NAME` */
  id: string;
}

const ADDRESS = /^(?:(ms|hf):\/\/)?([A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)$/;

/** `ms://OWNER/NAME` and `hf://OWNER/NAME`, as Twinkle writes them; without a prefix it is ModelScope. Null for anything else. */
export function parseHubAddress(text: string): HubDataset | null {
  const [, prefix, id] = ADDRESS.exec(text.trim()) ?? [];
  if (id === undefined) return null;
  return { hub: prefix === "hf" ? "huggingface" : "modelscope", id };
}
