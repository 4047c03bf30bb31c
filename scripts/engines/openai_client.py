"""The openai client against `headway serve`: models, a whole and a streamed answer of both endpoints, and an error."""

import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key="none", max_retries=0)
model = client.models.list().data[0].id
chat = {"model": model, "messages": [{"role": "user", "content": "He go to school every days"}], "temperature": 0}
whole = client.chat.completions.create(**chat).choices[0].message.content
chunks = list(client.chat.completions.create(**chat, stream=True, stream_options={"include_usage": True}))
streamed = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
assert whole and whole == streamed, (whole, streamed)
assert chunks[-1].usage.completion_tokens > 0
text = {"model": model, "prompt": "He go to school every days", "max_tokens": 8, "temperature": 0}
whole = client.completions.create(**text).choices[0].text
streamed = "".join(chunk.choices[0].text for chunk in client.completions.create(**text, stream=True) if chunk.choices)
assert whole == streamed, (whole, streamed)
try:
    client.completions.create(**{**text, "model": "no-such-model"})
    raise SystemExit("an unknown model was taken")
except openai.NotFoundError:
    pass
print(f"openai {openai.__version__}: chat and completions, whole and streamed, agree; an unknown model is a NotFoundError")
