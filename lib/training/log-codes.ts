/** Every `LogEntry.code` that a run writes; the message files hold `run.log.<code>`. */
export type LogCode =
  /** call, id: live only, not kept in the journal */
  | "request"
  /** model */
  | "started"
  /** step, gapSeconds */
  | "resumed"
  /** model */
  | "model_created"
  /** path */
  | "weights_loaded"
  /** path */
  | "weights_loaded_alone"
  /** step, name */
  | "checkpoint_saved"
  /** reason */
  | "save_failed"
  /** step, loss */
  | "validated"
  /** reason */
  | "validation_failed"
  /** reason */
  | "rate_limited"
  /** reason */
  | "no_free_slot"
  /** reason */
  | "adapters_lost"
  /** reason */
  | "model_absent"
  /** reason */
  | "connection_lost"
  | "connection_back"
  /** step, reason */
  | "fell_back"
  /** step */
  | "loss_not_a_number"
  | "no_loss_told"
  /** step */
  | "paused"
  /** step */
  | "stopped"
  /** step */
  | "finished"
  /** reason */
  | "failed";
