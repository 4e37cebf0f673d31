import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { bytes, json } from "../http/answers";
import { refusal } from "../http/errors";
import type { Route } from "../http/router";
import type { StoredCheckpoint } from "../runs/run-store";
import { tarOf } from "../runs/tar";
import type { Services } from "../services";
import { requireCheckpoint } from "./runs";

const LINK_MS = 15 * 60_000;

interface Link {
  checkpoint: StoredCheckpoint;
  expiresAt: number;
}

/** Checkpoints as tar files. As on Tinker the link is the permission: what follows it sends no token. */
export function archiveRoutes({ clock, newId, runs }: Services): Route[] {
  const links = new Map<string, Link>();

  function dropExpired(): void {
    for (const [id, { expiresAt }] of links) if (expiresAt <= clock.now()) links.delete(id);
  }

  return [
    {
      method: "GET",
      path: "training_runs/{run}/checkpoints/{checkpoint}/archive",
      handle: (call) => {
        const checkpoint = requireCheckpoint(runs, call);
        dropExpired();
        const [id, expiresAt] = [newId(), clock.now() + LINK_MS];
        links.set(id, { checkpoint, expiresAt });
        return json(null, 302, {
          Location: `${call.origin}/api/v1/archives/${id}`,
          Expires: new Date(expiresAt).toUTCString(),
        });
      },
    },
    {
      method: "GET",
      path: "archives/{link}",
      needsNoToken: true,
      handle: async ({ params: { link: id = "" } }) => {
        dropExpired();
        const link = links.get(id);
        if (!link) throw refusal(404, "The link is unknown or has expired; ask for a new one.");
        const { folder, facts } = link.checkpoint;
        const names = await readdir(folder).catch(() => {
          throw refusal(404, "The checkpoint was deleted.");
        });
        const read = async (name: string) => ({
          name,
          body: await readFile(path.join(folder, name)),
        });
        const files = await Promise.all(names.sort().map(read));
        return bytes(tarOf(files, Date.parse(facts.savedAt)), "application/x-tar");
      },
    },
  ];
}
