import type { Sample } from '../../core/figures';
import type { Submission } from '../../traffic/load-generator';
import type { Answer, Answers } from './answers';
import type { Phrasebook } from './phrasebook';

/** Of the load's answers one is read at most every so many ms: decoding all would cost more than serving some. */
const BETWEEN_MS = 400;
/** Of a prompt that was put together for a trace, so much is shown. */
const SHOWN_TOKENS = 64;
/** Kept for an update at most; older ones give way. */
const MOST = 4;

interface Watched {
  readonly submission: Submission;
  readonly text: string;
  readonly book: Phrasebook;
  readonly own: boolean;
  shownTokens: number;
}

/** Picks and words the samples that go to the page: now and then an answer to the load, and all of the visitor's own. */
export class Samples {
  readonly #answers: Answers;
  readonly #running = new Set<Watched>();
  #finished: Sample[] = [];
  #lastPick = Number.NEGATIVE_INFINITY;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  /** A request of the load is about to be sent; perhaps it is this one's turn. */
  offer(submission: Submission, book: Phrasebook): void {
    if (submission.sent - this.#lastPick < BETWEEN_MS) return;
    this.#lastPick = submission.sent;
    const { prompt } = submission.request;
    const text = book.textOf.get(prompt) ?? book.tokenizer.decode(prompt.slice(0, SHOWN_TOKENS));
    void this.#watch({ submission, text, book, own: false, shownTokens: -1 });
  }

  /** The visitor's own request is about to be sent. Resolves with its last sample. */
  own(submission: Submission, text: string, book: Phrasebook): Promise<Sample> {
    return this.#watch({ submission, text, book, own: true, shownTokens: -1 });
  }

  /** New or changed since the last call, newest last. */
  take(at: number): readonly Sample[] {
    const samples = this.#finished;
    this.#finished = [];
    for (const watched of this.#running) {
      const answer = this.#answers.peek(watched.submission.request.id);
      if (!watched.own || !answer || answer.tokens.length === watched.shownTokens) continue;
      watched.shownTokens = answer.tokens.length;
      samples.push(wordSample(watched, answer, at));
    }
    return samples;
  }

  async #watch(watched: Watched): Promise<Sample> {
    this.#running.add(watched);
    const answer = await this.#answers.track(watched.submission.request.id);
    this.#running.delete(watched);
    const sample = wordSample(watched, answer, answer.end?.at ?? watched.submission.sent);
    this.#finished.push(sample);
    const surplus = this.#finished.length - MOST;
    if (surplus > 0) this.#finished = dropOldest(this.#finished, surplus);
    return sample;
  }
}

/** The visitor's own stay. */
function dropOldest(samples: readonly Sample[], surplus: number): Sample[] {
  return samples.filter((sample) => sample.own || surplus-- <= 0);
}

function wordSample({ submission, text, book, own }: Watched, answer: Answer, at: number): Sample {
  const { request, scheduled } = submission;
  const settlement = answer.end?.settlement;
  const { said, after } = parts(answer, book);
  return {
    id: request.id,
    at,
    prompt: text,
    text: said,
    ...(after === '' ? {} : { afterEnd: after }),
    ...(own && book.chat ? { rendered: book.chat.render([{ role: 'user', content: text }]) } : {}),
    outcome: settlement?.outcome ?? 'running',
    outputTokens: answer.tokens.length,
    latencyMs: answer.end ? answer.end.at - scheduled : null,
    ttftMs: answer.firstToken === null ? null : answer.firstToken - scheduled,
    own,
    ...(book.meaningless ? { meaningless: true } : {}),
    ...(settlement && 'message' in settlement ? { message: settlement.message } : {}),
  };
}

/** The answer up to the model's own end, and what a forced length made it go on with. */
function parts({ tokens, end }: Answer, { tokenizer, ends }: Phrasebook): { said: string; after: string } {
  const decode = end ? tokenizer.decode : tokenizer.decodeSoFar;
  const own = tokens.findIndex((token) => ends.has(token));
  if (own < 0) return { said: decode(tokens), after: '' };
  return { said: tokenizer.decode(tokens.slice(0, own)), after: decode(tokens.slice(own + 1)) };
}
