import { useTranslations } from "next-intl";
import { HARDWARE } from "@/lib/server-config/plan-draft";
import { PlanChoice } from "./plan-choice";
import { PlanField } from "./plan-field";
import type { ServerPlanForm } from "./use-server-plan";

/** What the server computes on and what it allows; asks only for what matters to the choices made. */
export function PlanForm({ form }: { form: ServerPlanForm }) {
  const t = useTranslations("ownServer");
  const { hardware, backend, sampler, model } = form.draft;
  const isOnGpus = hardware === "gpu";
  const hasVllm = isOnGpus && sampler === "vllm";
  return (
    <form
      noValidate
      aria-label={t("form")}
      className="flex min-w-0 flex-col gap-4"
      onSubmit={(event) => event.preventDefault()}
    >
      <PlanField form={form} name="model" isText />
      <PlanField form={form} name="source" isText placeholder={`ms://${model}`} />
      <PlanChoice form={form} name="hardware" options={HARDWARE} />
      {isOnGpus && (
        <>
          <div className="grid grid-cols-2 gap-4">
            <PlanField form={form} name="gpus" />
            <PlanField form={form} name="machines" />
          </div>
          {form.plan.machines > 1 && (
            <PlanField form={form} name="headAddress" isText placeholder="10.0.0.5" />
          )}
          <PlanChoice form={form} name="backend" options={["transformers", "megatron"]} />
          {backend === "megatron" && (
            <div className="grid grid-cols-2 gap-4">
              <PlanField form={form} name="tensorParallel" />
              <PlanField form={form} name="pipelineParallel" />
            </div>
          )}
          <PlanChoice form={form} name="sampler" options={["vllm", "none"]} />
          {hasVllm && (
            <PlanField form={form} name="samplerGpus" placeholder={String(form.plan.samplerGpus)} />
          )}
        </>
      )}
      <h2 className="mt-1 text-[15px]">{t("limits")}</h2>
      <div className="grid grid-cols-2 gap-4">
        <PlanField form={form} name="maxLoras" />
        <PlanField form={form} name="batchTokens" />
        {hasVllm && (
          <>
            <PlanField form={form} name="maxLength" />
            <PlanField form={form} name="maxRank" />
          </>
        )}
      </div>
      <h2 className="mt-1 text-[15px]">{t("place")}</h2>
      <div className="grid grid-cols-[minmax(0,1fr)_96px] gap-4">
        <PlanField form={form} name="saveDir" isText />
        <PlanField form={form} name="port" />
      </div>
    </form>
  );
}
