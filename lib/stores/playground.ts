import { create } from "zustand";

/** Answers that are being written now. */
export interface LiveAsk {
  id: string;
  /** The panel and the turn that is answered, by {@link askPlace}. */
  place: string;
  conversationId: string;
  /** Answers asked for. */
  count: number;
  /** Grows where the server streams. */
  text: string;
  startedAt: number;
  firstTextAt: number | null;
}

interface LiveAsks {
  asks: Readonly<Record<string, LiveAsk>>;
}

const useLiveAsks = create<LiveAsks>(() => ({ asks: {} }));

const controllers = new Map<string, AbortController>();
const inbox = new Map<string, { text: string; firstAt: number }>();
const HIDDEN_FRAME_MS = 250;

/** What an ask writes to while it lasts; the page may leave the screen meanwhile. */
export interface AskHandle {
  signal: AbortSignal;
  onText: (text: string) => void;
  /** Takes it off the screen; call it once, when the answers are kept. */
  end: () => void;
  /** With everything that came so far. */
  now: () => LiveAsk;
}

/** Two panels may hold the same turn. */
export function askPlace(panel: number, questionId: string): string {
  return `${panel}/${questionId}`;
}

export function beginAsk(asked: Pick<LiveAsk, "place" | "conversationId" | "count">): AskHandle {
  const id = crypto.randomUUID();
  const controller = new AbortController();
  controllers.set(id, controller);
  const ask: LiveAsk = {
    ...asked,
    ...{ id, text: "", startedAt: performance.now(), firstTextAt: null },
  };
  useLiveAsks.setState(({ asks }) => ({ asks: { ...asks, [id]: ask } }));
  return {
    signal: controller.signal,
    onText: (text) => receive(id, text),
    now: () => {
      flush();
      return useLiveAsks.getState().asks[id] ?? ask;
    },
    end: () => {
      flush();
      controllers.delete(id);
      useLiveAsks.setState(({ asks: { [id]: _, ...asks } }) => ({ asks }));
    },
  };
}

/** The ask that answers there; the newest when there are several. */
export function useLiveAsk(place: string): LiveAsk | undefined {
  return useLiveAsks(({ asks }) => Object.values(asks).findLast((ask) => ask.place === place));
}

export function useIsAnswering(conversationId: string): boolean {
  return useLiveAsks(({ asks }) =>
    Object.values(asks).some((ask) => ask.conversationId === conversationId),
  );
}

/** What came until now is kept. */
export function stopAsk(id: string): void {
  controllers.get(id)?.abort();
}

export function stopAsks(conversationId: string): void {
  for (const ask of Object.values(useLiveAsks.getState().asks)) {
    if (ask.conversationId === conversationId) stopAsk(ask.id);
  }
}

/** Text waits for the next frame, so that the page renders at most once in it. */
function receive(id: string, text: string): void {
  if (inbox.size === 0) {
    if (document.hidden) setTimeout(flush, HIDDEN_FRAME_MS);
    else requestAnimationFrame(flush);
  }
  const waiting = inbox.get(id) ?? { text: "", firstAt: performance.now() };
  inbox.set(id, { ...waiting, text: waiting.text + text });
}

function flush(): void {
  if (inbox.size === 0) return;
  useLiveAsks.setState(({ asks }) => {
    const next = { ...asks };
    for (const [id, { text, firstAt }] of inbox) {
      const ask = next[id];
      if (!ask) continue;
      next[id] = {
        ...ask,
        text: ask.text + text,
        firstTextAt: ask.firstTextAt ?? firstAt,
      };
    }
    return { asks: next };
  });
  inbox.clear();
}
