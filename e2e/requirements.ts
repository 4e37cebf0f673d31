/** What a person can do in the studio, step by step. Every id is cited by at least one browser test (`verifies`). */
export const REQUIREMENTS = {
  "start.address": "npm start brings up studio and local server and prints the address",
  "start.port-taken": "a taken port is replaced by the next free one, said plainly",
  "start.wide-vectors": "the local server runs on a Node that makes wide vectors",
  "start.stops-clean": "a signal stops everything and leaves no process behind",
  "home.connected": "Home shows the local server's models without any set-up",
  "home.who-am-i": "one click trains a new name and maker, and the answer holds them",
  "home.drop-file": "a file dropped on Home opens as a dataset",
  "models.get":
    "one click on Home downloads a real language model, with progress, cancel and resume, and it chats",
  "models.refused": "a model folder that cannot be served says why and stops nothing",
  "dataset.formats": "every supported row shape is detected",
  "dataset.bad-lines":
    "a bad line says its number, what is wrong and how to fix it; good rows survive",
  "dataset.tokens": "rows are shown as coloured tokens with id and weight",
  "dataset.reload": "datasets are there after a reload",
  "dataset.hub":
    "the first rows of a hub's dataset are imported with their placeholders filled in, and trained",
  "dataset.hub-refused": "a hub's dataset that cannot be used says why, and reading can be stopped",
  "tokenizer.by-hand":
    "files of a model that nobody offers are given by hand, checked, used for training and chat, and removed",
  "tokenizer.template":
    "a chat template that fails says why and in which line, and plain text goes on",
  "train.form": "the form is filled in, shows steps and tokens, and can be started at once",
  "train.loss-falls": "a run trains live and its loss falls",
  "watch.pause-resume": "a run can be paused and goes on from its checkpoint",
  "watch.save-stop": "a run can be saved now and stopped with or without a save",
  "watch.reload": "a reload in the middle continues with the same curve",
  "watch.second-tab": "a second tab follows read-only",
  "watch.server-gone":
    "a server that goes away makes the run wait, and it goes on when the server is back",
  "checkpoints.list": "all runs and checkpoints of the server are listed",
  "checkpoints.continue": "a run can be started from a checkpoint",
  "checkpoints.delete": "one and many checkpoints can be deleted",
  "playground.chat": "chat over several turns streams in and survives a reload",
  "playground.text": "plain text is completed",
  "playground.samples": "eight answers at once",
  "playground.compare": "base and checkpoint side by side",
  "playground.prompt": "the exact prompt is shown as text and ids",
  "publish.private": "a checkpoint is published as a private model with its link",
  "publish.token":
    "without a token, or with a wrong or read-only one, a sentence says where to get one",
  "connect.address": "another server is connected by its address and token",
  "connect.refused": "an address that is no training server is refused with a sentence",
  "connect.own-server":
    "a form gives the configuration and the commands of a server of one's own, and says what cannot be",
  "connect.token-sealed": "the token never reaches the page's JavaScript",
  "doctor.local": "the doctor finds the local server well and leaves nothing behind",
  "doctor.lacks":
    "what a server lacks is learned by asking it, kept, and shown closed with the reason",
  "command.seen": "a run of this machine's command line is in Runs, live and with its curve",
  "command.others": "runs that another browser or program made are listed from the server",
  "command.code": "a run shows itself as a command that repeats it, and as a script for the SDK",
  "screens.axe": "every screen is free of accessibility violations in light and dark",
  "screens.narrow": "no screen scrolls sideways at 390 px",
  "screens.touch": "no button is lower than 28 px at 390 px",
  "screens.languages": "every screen is there in English and Chinese",
} as const;

export type Requirement = keyof typeof REQUIREMENTS;

/** Names the requirements that a test proves, as its title's tag. */
export function verifies(...ids: Requirement[]): { tag: string[] } {
  return { tag: ids.map((id) => `@${id}`) };
}
