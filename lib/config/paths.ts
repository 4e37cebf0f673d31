type Query = Record<string, string | boolean | undefined>;

function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value) search.set(name, value === true ? "1" : value);
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** Every address inside the studio. */
export const paths = {
  home: () => "/",
  datasets: () => "/datasets",
  dataset: (id: string, query: { model?: string | undefined } = {}) =>
    withQuery(`/datasets/${encodeURIComponent(id)}`, query),
  newRun: (
    query: {
      dataset?: string | undefined;
      model?: string | undefined;
      from?: string | undefined;
    } = {},
  ) => withQuery("/runs/new", query),
  runs: () => "/runs",
  run: (key: string) => `/runs/${encodeURIComponent(key)}`,
  checkpoints: (
    query: {
      q?: string | undefined;
      model?: string | undefined;
      publish?: string | undefined;
    } = {},
  ) => withQuery("/checkpoints", query),
  playground: (
    query: {
      run?: string | undefined;
      path?: string | undefined;
      model?: string | undefined;
      /** The other panel: a checkpoint's path, or a base model's name. */
      compare?: string | undefined;
      mode?: "chat" | "text" | undefined;
      /** A conversation of this browser. */
      chat?: string | undefined;
    } = {},
  ) => withQuery("/playground", query),
  connect: () => "/connect",
  doctor: () => "/connect/doctor",
  ownServer: () => "/connect/own-server",
};
