"""llama.cpp behind Ray Serve: as many replicas as REPLICAS says, each with a model of its own, under one address.

The application that each replica serves is llama-cpp-python's own OpenAI-compatible server.
"""

import os

from llama_cpp.server.app import create_app
from llama_cpp.server.settings import ModelSettings, ServerSettings
from ray import serve


def application():
    settings = ModelSettings(
        model=os.environ["MODEL"],
        model_alias="smollm2-135m",
        n_ctx=2048,
        n_threads=1,
        verbose=False,
    )
    return create_app(server_settings=ServerSettings(), model_settings=[settings])


@serve.deployment(
    num_replicas=int(os.environ.get("REPLICAS", "2")),
    max_ongoing_requests=1,
    ray_actor_options={"num_cpus": 1, "runtime_env": {"env_vars": {"MODEL": os.environ["MODEL"]}}},
)
@serve.ingress(application)
class Llama:
    pass


app = Llama.bind()
