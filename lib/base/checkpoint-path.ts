const CHECKPOINT_PATH = /^(twinkle|tinker):\/\/[^/\s]+\/\S+$/;

/**
 * Whether a text is the path of a checkpoint of a training server. Twinkle looks for any other on a model hub: it answers
 * nobody meanwhile, and a load that fails there ends the training of all its users.
 */
export function isCheckpointPath(path: string): boolean {
  return CHECKPOINT_PATH.test(path);
}
