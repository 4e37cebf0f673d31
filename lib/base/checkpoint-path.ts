const CHECKPOINT_PATH = /^(twinkle|tinker):\/\/[^/\s]+\/\S+$/;

/** Whether it is a checkpoint to go on from, `twinkle://RUN/weights/NAME`; one for the sampler lies in `sampler_weights`. */
export function isTrainingPath(path: string): boolean {
  return /:\/\/[^/]+\/weights\//.test(path);
}

/**
 * Whether a text is the path of a checkpoint of a training server. Twinkle looks for any other on a model hub: it answers
 * nobody meanwhile, and a load that fails there ends the training of all its users.
 */
export function isCheckpointPath(path: string): boolean {
  return CHECKPOINT_PATH.test(path);
}
