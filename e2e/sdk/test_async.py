"""The async variant of every call, in an event loop of the user's own."""
from __future__ import annotations

import asyncio

import pytest
import tinker
from conftest import BASE_MODEL, HUB_TOKEN, Connect
from tinker import AdamParams, types
from training import loss_per_token

GREEDY = types.SamplingParams(max_tokens=4, temperature=0.0)


def test_training_and_resuming(connect: Connect, batch) -> None:
    client = connect()

    async def train() -> None:
        assert (await client.get_server_capabilities_async()).supported_models
        run = await client.create_lora_training_client_async(BASE_MODEL, rank=4)
        assert (await run.get_info_async()).model_id == run.model_id
        losses = []
        for _ in range(3):
            forward_backward = await run.forward_backward_async(batch, "cross_entropy")
            optim_step = await run.optim_step_async(AdamParams(learning_rate=5e-3))
            losses.append(loss_per_token(await forward_backward, batch))
            await optim_step
        assert losses == sorted(losses, reverse=True)
        path = (await (await run.save_state_async("saved"))).path

        async def next_loss(model: tinker.TrainingClient) -> float:
            return loss_per_token(await (await model.forward_async(batch, "cross_entropy")), batch)

        expected = await next_loss(run)
        resumed = [
            await client.create_training_client_from_state_async(path),
            await client.create_training_client_from_state_with_optimizer_async(path),
            run,
        ]
        await (await run.load_state_async(path))
        await (await run.load_state_with_optimizer_async(path))
        for model in resumed:
            assert await next_loss(model) == pytest.approx(expected, rel=1e-6)

    asyncio.run(train())


def test_sampling(connect: Connect, tokenizer) -> None:
    client = connect()
    prompt = types.ModelInput.from_ints(tokenizer.encode("one two"))

    async def sample() -> None:
        run = await client.create_lora_training_client_async(BASE_MODEL, rank=4)
        exported = (await (await run.save_weights_for_sampler_async("export"))).path
        samplers = [
            await client.create_sampling_client_async(base_model=BASE_MODEL),
            await client.create_sampling_client_async(model_path=exported),
            await run.create_sampling_client_async(exported),
            await run.save_weights_and_get_sampling_client_async(),
        ]
        answers = await asyncio.gather(*(sampler.sample_async(prompt, 1, GREEDY) for sampler in samplers))
        # A fresh adapter changes nothing.
        assert len({tuple(answer.sequences[0].tokens) for answer in answers}) == 1
        for sampler in samplers:
            assert await sampler.get_base_model_async() == BASE_MODEL
            assert len(await sampler.compute_logprobs_async(prompt)) == prompt.length

    asyncio.run(sample())


def test_runs_and_checkpoints(connect: Connect) -> None:
    client = connect(HUB_TOKEN)

    async def manage() -> None:
        run = await client.create_lora_training_client_async(BASE_MODEL, rank=4)
        first, second = [(await (await run.save_state_async(name))).path for name in ("first", "second")]
        rest = client.create_rest_client()
        assert (await rest.get_weights_info_by_tinker_path(first)).lora_rank == 4
        assert (await rest.list_training_runs_async(limit=1)).training_runs[0].training_run_id == run.model_id
        found = await rest.get_training_run_async(run.model_id)
        assert found == await rest.get_training_run_by_tinker_path_async(first)
        assert len((await rest.list_checkpoints_async(run.model_id)).checkpoints) == 2
        assert (await rest.list_user_checkpoints_async(limit=1)).checkpoints[0].tinker_path == second
        link = await rest.get_checkpoint_archive_url_async(run.model_id, "weights/first")
        other = await rest.get_checkpoint_archive_url_from_tinker_path_async(first)
        assert link.url != other.url
        await rest.publish_checkpoint_from_tinker_path_async(first)
        await rest.delete_checkpoint_async(run.model_id, "weights/first")
        await rest.delete_checkpoint_from_tinker_path_async(second)
        assert (await rest.list_checkpoints_async(run.model_id)).checkpoints == []

        sampler = await client.create_sampling_client_async(base_model=BASE_MODEL)
        (newest,) = (await rest.list_sessions_async(limit=1)).sessions
        session = await rest.get_session_async(newest)
        assert session.training_run_ids == [run.model_id]
        description = await rest.get_sampler_async(session.sampler_ids[0])
        assert description.base_model == await sampler.get_base_model_async()

    asyncio.run(manage())
