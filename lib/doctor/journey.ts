import type { CallOptions, Transport } from "@/lib/client/transport";
import { listRuns, load, removeCheckpoints, save, unload } from "./checkpoint-steps";
import type { Patient } from "./patient";
import {
  chooseSampledPath,
  sampleBase,
  seeAdapter,
  trySamplingOptions,
  tryStream,
} from "./sampling-steps";
import { askRoutes, countSlots, listModels, openSession, reach } from "./server-steps";
import { createModel, lowerLoss, resendRequest, scoreRows, takeSteps } from "./training-steps";
import type { DoctorStep, Finding } from "./types";

export type JourneyStep = [
  step: DoctorStep,
  run: (patient: Patient, options: CallOptions) => Promise<Finding>,
  isPossible?: (patient: Patient) => boolean,
];

/** What a doctor does, in order; a step that is not possible is skipped. */
export function journey(transport: Transport): JourneyStep[] {
  const hasSession = ({ sessionId }: Patient) => sessionId !== null;
  const hasModel = ({ model }: Patient) => model !== null;
  const hasTrained = ({ model, stepLosses }: Patient) => model !== null && stepLosses.length > 0;
  const hasCheckpoint = ({ trainingPath }: Patient) => trainingPath !== null;
  const hasModelAndCheckpoint = (patient: Patient) => hasModel(patient) && hasCheckpoint(patient);
  return [
    ["reach", reach],
    ["models", listModels],
    ["routes", askRoutes(transport)],
    ["session", openSession],
    ["capacity", countSlots],
    ["create_model", createModel, hasSession],
    ["train", takeSteps, hasModel],
    ["loss", lowerLoss, hasTrained],
    ["forward", scoreRows, hasModel],
    ["resend", resendRequest, hasModel],
    ["save", save, hasModel],
    ["runs", listRuns, hasModelAndCheckpoint],
    ["sample", sampleBase],
    ["sample_checkpoint", chooseSampledPath, hasModelAndCheckpoint],
    [
      "adapter",
      seeAdapter,
      ({ sampledPath, baseTokens }) => sampledPath !== null && baseTokens !== null,
    ],
    ["sampling_options", trySamplingOptions, ({ baseTokens }) => baseTokens !== null],
    ["stream", tryStream(transport)],
    ["load", load, hasModelAndCheckpoint],
    ["unload", unload, hasModel],
    ["delete", removeCheckpoints, hasCheckpoint],
  ];
}
